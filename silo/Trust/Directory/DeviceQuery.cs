namespace TrustMesh.Trust.Directory;

/// <summary>Which devices a page shows.</summary>
/// <param name="Cursor">Where the page before ended: name, a space, id. Null for the first.</param>
/// <param name="Limit">1..1000.</param>
/// <param name="Text">Part of name, site or model, or the start of an id; null for all.</param>
public sealed record DeviceQuery(string? Cursor, int Limit, string? Look, string? Text);
