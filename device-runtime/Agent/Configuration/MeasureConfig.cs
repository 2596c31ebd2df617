namespace TrustMesh.Agent.Configuration;

/// <summary>Which files are measured and how they are named in the log.</summary>
/// <param name="Root">Absolute directory. A file's measured name is the prefix, "/", and its path below this directory, so that devices which
/// keep the same files in different places share reference values.</param>
/// <param name="Prefix">Empty, or a path like <c>/firmware</c>.</param>
/// <param name="Files">Globs below the root: <c>*</c> and <c>?</c> within a path segment, <c>**</c> for any number of segments.</param>
public sealed record MeasureConfig(string Root, string Prefix, IReadOnlyList<string> Files);
