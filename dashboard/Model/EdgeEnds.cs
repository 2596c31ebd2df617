namespace TrustMesh.Dashboard.Model;

/// <summary>An edge by the ids at its ends.</summary>
/// <param name="From">Who examined.</param>
/// <param name="To">Who was examined.</param>
public sealed record EdgeEnds(string From, string To)
{
    /// <summary>In an address: <c>from~to</c>. Anything else is no edge (null).</summary>
    public static EdgeEnds? Parse(string? text) => text?.Split('~') is [{ Length: > 0 and <= 64 } from, { Length: > 0 and <= 64 } to] ? new EdgeEnds(from, to) : null;

    public EdgeEnds Turned => new(To, From);

    /// <summary>As the feed names it.</summary>
    public string Key => $"{From}>{To}";
}
