using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Are there reference values of the device's model, and are they in force (attacks A08, A30).</summary>
internal static class ReferenceCheck
{
    private static readonly Check Present = new("reference.present", "reference values", "some for the device's model, signed by the mesh authority, in force", "A08: nothing compared is not a pass");

    public static bool InForce(AppraisalReference? reference, string model, DateTimeOffset now, FindingList findings)
    {
        var problem = reference is null ? $"none for model {model}; learn them from a good device"
            : reference.Values.Model != model ? $"{reference.Rule}, the device's model is {model}"
            : reference.Values.ExpiresAt <= now.ToUnixTimeSeconds() ? $"{reference.Rule} expired {Words.Time(reference.Values.ExpiresAt)}; publish newer ones"
            : null;
        if (problem is null) findings.Pass(Present);
        else findings.Add(Present.Ended(Outcome.NotCompared, problem));
        return problem is null;
    }
}
