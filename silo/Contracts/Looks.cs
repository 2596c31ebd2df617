namespace TrustMesh.Contracts;

/// <summary>
/// How a device is drawn and named, everywhere. A pure function of standing, status and freshness (design 4); the dashboard's shader,
/// the legend, the tables and the CLI all take it from here.
/// </summary>
public static class Looks
{
    public const string Trusted = "trusted", Warning = "warning", Contraindicated = "contraindicated", Stale = "stale",
        Unproven = "unproven", Pending = "pending", Suspended = "suspended", Revoked = "revoked";

    /// <summary>All looks, in the order of a legend.</summary>
    public static IReadOnlyList<string> All { get; } = [Trusted, Warning, Contraindicated, Stale, Unproven, Pending, Suspended, Revoked];

    /// <summary>How urgent a look is: larger comes first in a list sorted by risk.</summary>
    public static int Risk(string look) => look switch
    {
        Contraindicated => 7,
        Stale => 6,
        Warning => 5,
        Pending => 4,
        Unproven => 3,
        Suspended => 2,
        Revoked => 1,
        _ => 0,
    };

    /// <param name="standing">pending, active, suspended, revoked.</param>
    /// <param name="status">affirming, warning, contraindicated, none.</param>
    /// <param name="fresh">The verdict has not expired.</param>
    public static string Of(string standing, string status, bool fresh) => standing switch
    {
        "revoked" => Revoked,
        "suspended" => Suspended,
        "pending" => Pending,
        _ => (status, fresh) switch
        {
            ("contraindicated", _) => Contraindicated,
            ("none", _) => Unproven,
            (_, false) => Stale,
            ("affirming", true) => Trusted,
            ("warning", true) => Warning,
            _ => Unproven,
        },
    };
}
