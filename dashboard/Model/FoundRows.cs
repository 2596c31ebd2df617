namespace TrustMesh.Dashboard.Model;

/// <summary>What was found of one kind.</summary>
/// <param name="Part">Null if that is all; else which part of it, for the file's name: whoever finds it on a disk a year later has to see that it is not all.</param>
public sealed record FoundRows<T>(IReadOnlyList<T> Rows, string? Part = null);
