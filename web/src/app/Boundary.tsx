import { Component, type ReactNode } from "react";
import { ErrorView } from "../components/ErrorView";

/** A fault of one page is shown in its place, with the technical part to copy; the others go on working. */
export class Boundary extends Component<{ children: ReactNode }, { problem?: unknown }> {
  override state: { problem?: unknown } = {};

  static getDerivedStateFromError(problem: unknown): { problem: unknown } {
    return { problem };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === undefined) return this.props.children;
    return <ErrorView error={{ code: "web.unexpected", args: {}, detail: String(problem) }} onRetry={() => this.setState({ problem: undefined })} />;
  }
}
