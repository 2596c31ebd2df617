using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>What a query finds, for somebody who wants to revoke it: as far as the dashboard can tell; the silo's plan decides.</summary>
/// <param name="Devices">All that it finds, those that can be revoked first.</param>
/// <param name="Within">How many of them this person may revoke.</param>
/// <param name="Already">How many are revoked.</param>
/// <param name="Beyond">How many are not this person's to revoke.</param>
public sealed record RevocationChoice(IReadOnlyList<GraphNode> Devices, int Within, int Already, int Beyond)
{
    /// <summary>Devices of one act.</summary>
    public const int Most = 1000;

    public static RevocationChoice None { get; } = new([], 0, 0, 0);

    /// <param name="rights">Null while that is not known: then nothing is anybody's.</param>
    public static RevocationChoice Of(IReadOnlyList<GraphNode> found, Rights? rights)
    {
        var sorted = found.OrderBy(device => Rank(device, rights)).ToList();
        return new(sorted, sorted.Count(device => Rank(device, rights) == 0), sorted.Count(device => Rank(device, rights) == 2), sorted.Count(device => Rank(device, rights) == 1));
    }

    /// <summary>What becomes of a device, or which right is missing.</summary>
    public static string Fate(GraphNode device, Rights? rights) => Rank(device, rights) switch
    {
        0 => "would be revoked",
        2 => "revoked already",
        _ => rights?.MissingTo("revoke", device.Standing, device.Site) is { } missing ? missing[..(missing.IndexOf(';', StringComparison.Ordinal) is > 0 and var end ? end : missing.Length)] : "not yours",
    };

    private static int Rank(GraphNode device, Rights? rights) =>
        device.Standing == "revoked" ? 2 : rights is not null && rights.MissingTo("revoke", device.Standing, device.Site) is null ? 0 : 1;
}
