namespace TrustMesh.Trust.Operators;

/// <summary>The people of a mesh in one row, so that what holds for all of them, such as that somebody is admin, is kept by one compare-and-swap.</summary>
internal sealed record StoredBook(IReadOnlyList<StoredOperator> Operators);
