using TrustMesh.Contracts;

namespace TrustMesh.Trust.Joining;

/// <summary>What the rules say of a device that joins.</summary>
/// <param name="Rule">The one that lets it in; null: it waits for a person.</param>
/// <param name="Fits">The first whose query fits, also where something else keeps the device out.</param>
/// <param name="Why">What keeps it out, in a sentence; null where nothing does, or no rule fits.</param>
public sealed record ApprovalRuling(ApprovalRule? Rule, ApprovalRule? Fits, string? Why)
{
    /// <summary>How the device's timeline and the log name who let it in: the rule, and the person behind it.</summary>
    public static string Actor(ApprovalRule rule) => $"rule {rule.Name}, set by {rule.By}";

    /// <summary>What the rule is that let it in.</summary>
    public static string Text(ApprovalRule rule) => $"rule {rule.Name} version {rule.Version}: {rule.Query}{(rule.Verified ? ", its TPM verified" : "")}";
}
