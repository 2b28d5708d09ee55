declare module "virtual:catalogue/*" {
  const table: Record<string, string>;
  export default table;
}
