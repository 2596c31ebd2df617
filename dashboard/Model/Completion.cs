namespace TrustMesh.Dashboard.Model;

/// <summary>One way to go on with a query.</summary>
/// <param name="Insert">Comes in the place of what is being written.</param>
/// <param name="Note">What it means; empty where it speaks for itself.</param>
/// <param name="Count">Devices it finds together with the rest of the query; null for a field.</param>
/// <param name="Ends">The term is whole then: a space can follow.</param>
public sealed record Completion(string Insert, string Note, int? Count, bool Ends);
