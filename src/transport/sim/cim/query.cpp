#include "transport/sim/cim/query.h"

#include "host/wbem_error.h"
#include "support/strings.h"
#include "transport/sim/cim/associations.h"

#include <algorithm>
#include <set>

namespace exhyperv::sim {

namespace {

using cim::wql::Condition;

void collect(const Condition& condition, std::vector<std::string>& names) {
    if (condition.kind == Condition::Kind::leaf) {
        if (!condition.property.starts_with("__")) names.push_back(condition.property);
        return;
    }
    for (const auto& child : condition.children)
        collect(child, names);
}

Result<const ClassShape*> shape_of(const View& view, std::string_view name_space, std::string_view class_name) {
    const auto* shape = ClassShape::find(name_space, class_name, view.build());
    if (!shape) return fail(host::wbem_error("cim.invalid_class", std::string(class_name)));
    return shape;
}

Result<> check_properties(const ClassShape& shape, const std::vector<std::string>& names) {
    for (const auto& name : names)
        if (!name.starts_with("__") && shape.index(name) < 0)
            return fail(host::wbem_error("cim.bad_query", std::string(shape.info().name) + "." + name));
    return {};
}

bool readable(const View& view, std::string_view name_space) {
    return view.world.host.can_read || !iequals(name_space, kV2);
}

struct Selection {
    const cim::wql::Select& select;
    std::vector<std::string> tested;
    std::vector<cim::Instance> out;
    std::optional<Error> error;
};

/// Rows of one family: first only what the condition looks at, then, for those that fit, what was selected.
void select_from(const View& view, const Family& family, const ClassShape& shape, Selection& s) {
    auto wanted =
        s.select.properties.empty() ? Wanted::everything(shape) : Wanted::keys(shape).add_all(s.select.properties);
    auto tested = Wanted::keys(shape).add_all(s.tested);
    family.each(view, [&](const Object& object) {
        if (s.select.condition) {
            Row probe(tested);
            family.fill(view, object, probe);
            auto fits = cim::wql::matches(*s.select.condition, probe.instance(view.host()));
            if (!fits) s.error = std::move(fits).error();
            if (s.error) return false;
            if (!*fits) return true;
        }
        Row row(wanted);
        family.fill(view, object, row);
        s.out.push_back(row.instance(view.host()));
        return true;
    });
}

cim::Instance reference_instance(const View& view, const Association& association, const ClassShape& shape,
                                 const Endpoint& source, const Link& link) {
    auto wanted = Wanted::everything(shape);
    Row row(wanted);
    auto near = source.family->path_of(view, source.object).full(),
         far = link.target.family->path_of(view, link.target.object).full();
    row.text(association.first_role, link.source_is_first ? near : far);
    row.text(association.second_role, link.source_is_first ? far : near);
    for (const auto& [name, value] : link.numbers)
        row.number(name, value);
    for (const auto& [name, values] : link.arrays)
        row.numbers(name, values);
    return row.instance(view.host());
}

/// SELECT on an association class.
Result<> select_association(const View& view, const Association& association, const ClassShape& shape, Selection& s) {
    for (const auto& family : families()) {
        if (std::find(association.first_classes.begin(), association.first_classes.end(), family->class_name()) ==
            association.first_classes.end())
            continue;
        family->each(view, [&](const Object& object) {
            Endpoint source{family.get(), object};
            association.links(view, source, [&](const Link& link) {
                if (!link.source_is_first || s.error) return;
                auto instance = reference_instance(view, association, shape, source, link);
                if (s.select.condition) {
                    auto fits = cim::wql::matches(*s.select.condition, instance);
                    if (!fits) s.error = std::move(fits).error();
                    if (!fits || !*fits) return;
                }
                if (!s.select.properties.empty())
                    for (const auto& property : std::vector(instance.properties()))
                        if (std::none_of(s.select.properties.begin(), s.select.properties.end(),
                                         [&](const auto& name) { return iequals(name, property.name); }))
                            instance.erase(property.name);
                s.out.push_back(std::move(instance));
            });
            return !s.error;
        });
    }
    return {};
}

Result<std::vector<cim::Instance>> run_select(const View& view, std::string_view name_space,
                                              const cim::wql::Select& select) {
    TRY_ASSIGN(const auto* shape, shape_of(view, name_space, select.from));
    TRY(check_properties(*shape, select.properties));
    Selection s{select, {}, {}, {}};
    if (select.condition) collect(*select.condition, s.tested);
    TRY(check_properties(*shape, s.tested));
    if (!readable(view, name_space)) return std::vector<cim::Instance>{};
    for (const auto& family : families()) {
        if (!iequals(family->name_space(), shape->info().name_space)) continue;
        const auto* own = ClassShape::find(family->name_space(), family->class_name(), view.build());
        if (own && cim::class_table::derives_from(own->info(), shape->info().name)) select_from(view, *family, *own, s);
        if (s.error) return fail(std::move(*s.error));
    }
    if (iequals(shape->info().name_space, kV2) && shape->info().association)
        for (const auto& association : associations()) {
            const auto* own = ClassShape::find(kV2, association.class_name, view.build());
            if (own && cim::class_table::derives_from(own->info(), shape->info().name))
                TRY(select_association(view, association, *own, s));
            if (s.error) return fail(std::move(*s.error));
        }
    return std::move(s.out);
}

Result<std::vector<cim::Instance>> run_related(const View& view, const cim::wql::Related& related) {
    for (const auto& name : {related.assoc_class, related.result_class})
        if (!name.empty()) TRY(shape_of(view, kV2, name));
    TRY(shape_of(view, kV2, related.object.class_name));
    std::vector<cim::Instance> out;
    if (!readable(view, kV2)) return out;
    auto source = resolve(view, related.object);
    if (!source) return fail(host::wbem_error("cim.not_found", related.object.relative()));
    std::set<std::string> seen;
    for (const auto& association : associations()) {
        const auto* shape = ClassShape::find(kV2, association.class_name, view.build());
        if (!shape) continue;
        // REFERENCES OF … ResultClass names the association itself.
        const auto& wanted = related.references ? related.result_class : related.assoc_class;
        if (!wanted.empty() && !cim::class_table::derives_from(shape->info(), wanted)) continue;
        association.links(view, *source, [&](const Link& link) {
            auto near = link.source_is_first ? association.first_role : association.second_role;
            auto far = link.source_is_first ? association.second_role : association.first_role;
            if (!related.role.empty() && !iequals(related.role, near)) return;
            if (!related.result_role.empty() && !iequals(related.result_role, far)) return;
            if (related.references) {
                out.push_back(reference_instance(view, association, *shape, *source, link));
                return;
            }
            const auto* target = ClassShape::find(kV2, link.target.family->class_name(), view.build());
            if (!target) return;
            if (!related.result_class.empty() && !cim::class_table::derives_from(target->info(), related.result_class))
                return;
            if (seen.insert(link.target.family->path_of(view, link.target.object).relative()).second)
                out.push_back(project(view, link.target));
        });
    }
    return out;
}

} // namespace

Result<> check_namespace(const View& view, std::string_view name_space) {
    auto missing = !cim::class_table::knows_namespace(name_space);
    if (iequals(replace_all(std::string(name_space), "/", "\\"), kV2) && !view.world.host.hyperv_installed)
        missing = true;
    if (missing) return fail(host::wbem_error("cim.invalid_namespace", std::string(name_space)));
    return {};
}

cim::Instance project(const View& view, const Endpoint& end) {
    const auto* shape = ClassShape::find(end.family->name_space(), end.family->class_name(), view.build());
    auto wanted = Wanted::everything(*shape);
    Row row(wanted);
    end.family->fill(view, end.object, row);
    return row.instance(view.host());
}

Result<std::vector<cim::Instance>> run_query(const View& view, std::string_view name_space,
                                             const cim::wql::Query& query) {
    TRY(check_namespace(view, name_space));
    auto space = replace_all(std::string(name_space), "/", "\\");
    if (const auto* select = query.select()) return run_select(view, space, *select);
    if (!iequals(space, kV2)) return fail(host::wbem_error("cim.bad_query", "ASSOCIATORS OF in " + space));
    return run_related(view, *query.related());
}

Result<cim::Instance> get_instance(const View& view, const cim::ObjectPath& path) {
    auto space = path.name_space.empty() ? std::string(kV2) : path.name_space;
    TRY(check_namespace(view, space));
    TRY(shape_of(view, space, path.class_name));
    auto end = readable(view, space) ? resolve(view, path) : std::nullopt;
    if (!end) return fail(host::wbem_error("cim.not_found", path.relative()));
    return project(view, *end);
}

} // namespace exhyperv::sim
