using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Words for what a device loses when others are revoked.</summary>
public static class LossText
{
    public static string Label(string loss) => loss switch
    {
        "alone" => "Loses its only examiners",
        "below-promise" => "Keeps one examiner",
        "below-quorum" => "Falls below quorum",
        _ => loss,
    };

    /// <summary>The look whose shape and colour say how bad that is.</summary>
    public static string Look(string loss) => loss switch { "alone" => Looks.Contraindicated, "below-promise" => Looks.Warning, _ => Looks.Stale };

    /// <summary>What a device of an act has become.</summary>
    public static string Outcome(string outcome) => outcome switch
    {
        "waiting" => "Would be revoked",
        "revoked" => "Revoked",
        "already" => "Revoked before",
        "changed" => "Changed, left as it is",
        "refused" => "Refused",
        "failed" => "Not reached: send again",
        _ => outcome,
    };

    /// <inheritdoc cref="Look"/>
    public static string OutcomeLook(string outcome) => outcome switch
    {
        "waiting" => Looks.Pending, "revoked" or "already" => Looks.Revoked, "failed" => Looks.Contraindicated, "changed" => Looks.Stale, _ => Looks.Warning,
    };
}
