using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>An operator's decision about a device.</summary>
/// <param name="Verb">As in the API: approve, suspend, resume, revoke.</param>
/// <param name="Reason">Said once and never again: by it the log's line is found.</param>
internal sealed class Act(string verb, string reason)
{
    public string Verb => verb;

    public string Reason => reason;

    public ActEnd End { get; set; }

    /// <summary>Of the twin, as it was answered.</summary>
    public long Version { get; set; }

    /// <summary>One of the device's acts before it had not been answered: it may have been that one which moved the device.</summary>
    public bool AfterDoubt { get; init; }

    /// <summary>The kind of the log's line.</summary>
    public string Kind => verb switch
    {
        "approve" => "approved", "suspend" => "suspended", "resume" => "resumed", _ => "revoked",
    };

    public Standing To => StandingOf(Kind);

    public static Standing StandingOf(string kind) => kind switch
    {
        "suspended" => Standing.Suspended, "revoked" => Standing.Revoked, _ => Standing.Active,
    };

    public override string ToString() => $"{verb} \"{reason}\" {End}{(End == ActEnd.Acknowledged ? $" as version {Version}" : "")}";
}
