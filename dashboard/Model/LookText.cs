using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>Words for a look of <see cref="Looks"/>: shown beside every glyph, so that neither shape nor colour stands alone.</summary>
public static class LookText
{
    public static string Label(string look) => look switch
    {
        Looks.Trusted => "Trusted",
        Looks.Warning => "Warning",
        Looks.Contraindicated => "Contraindicated",
        Looks.Stale => "Stale",
        Looks.Unproven => "Unproven",
        Looks.Pending => "Pending",
        Looks.Suspended => "Suspended",
        Looks.Revoked => "Revoked",
        "silo" => "Silo",
        _ => look,
    };

    public static string Meaning(string look) => look switch
    {
        Looks.Trusted => "Proved itself, and the proof still counts.",
        Looks.Warning => "Proved itself; something in the proof deserves a look.",
        Looks.Contraindicated => "Its last proof failed. Peers should not rely on it.",
        Looks.Stale => "Its last proof was good and has expired.",
        Looks.Unproven => "Has not been judged yet: no proof, no policy, or nothing to compare with.",
        Looks.Pending => "Enrolled and waiting for an operator's approval.",
        Looks.Suspended => "Set aside by an operator, or by a quorum of its peers. It may be resumed.",
        Looks.Revoked => "Out of the mesh for good.",
        _ => "",
    };

    /// <summary>How urgent a look is: larger comes first in a list sorted by risk.</summary>
    public static int Risk(string look) => Looks.Risk(look);

    /// <summary>Something a person should look at.</summary>
    public static bool IsProblem(string look) => look is Looks.Contraindicated or Looks.Stale or Looks.Warning;

    /// <summary>The tier for a narrow column.</summary>
    public static string TierBrief(string tier) => tier switch
    {
        "tpm-quote" => "TPM quote",
        "hardware-key" => "Hardware key",
        "guardian" => "Guardian",
        "software" => "Software",
        _ => tier,
    };

    /// <summary>The tier in words; software says so plainly.</summary>
    public static string Tier(string tier) => tier switch
    {
        "tpm-quote" => "TPM quote",
        "hardware-key" => "Hardware key, no quote",
        "guardian" => "Guardian-vouched",
        "software" => "Software, no hardware root",
        _ => tier,
    };
}
