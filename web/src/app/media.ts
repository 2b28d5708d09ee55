import { useEffect, useState } from "react";

/** Does the media query hold, now and from now on? */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listen = () => setMatches(list.matches);
    list.addEventListener("change", listen);
    return () => list.removeEventListener("change", listen);
  }, [query]);
  return matches;
}

/** A tablet held upright, or a window beside another: the navigation stands above, tables are drawn tighter. */
export const narrowWindow = "(max-width: 900px)";
