namespace TrustMesh.Cli.Demo;

/// <summary>What a running demo answers to one command.</summary>
/// <param name="Problem">Why it did not do it; null if it did.</param>
internal sealed record ControlAnswer(string? Problem, DemoStatus Status);
