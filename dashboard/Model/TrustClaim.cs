using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>One AR4SI trustworthiness claim: −128..127, by tier (draft-ietf-rats-ar4si 2.3.1).</summary>
public static class TrustClaim
{
    public static string Label(int value) => value switch
    {
        >= 96 or <= -97 => "Contraindicated",
        >= 32 or <= -33 => "Warning",
        >= 2 or <= -2 => "Affirming",
        _ => "None",
    };

    public static string Look(int value) => value switch
    {
        >= 96 or <= -97 => Looks.Contraindicated,
        >= 32 or <= -33 => Looks.Warning,
        >= 2 or <= -2 => Looks.Trusted,
        _ => Looks.Unproven,
    };
}
