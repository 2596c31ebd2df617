using TrustMesh.Contracts.Queries;

namespace TrustMesh.Trust.Directory;

/// <summary>Which devices a page shows.</summary>
/// <param name="Cursor">Where the page before ended: name, a space, id. Null for the first.</param>
/// <param name="Limit">1..1000.</param>
public sealed record DeviceQuery(string? Cursor, int Limit, string? Look, FleetQuery Query);
