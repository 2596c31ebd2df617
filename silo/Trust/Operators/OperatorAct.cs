namespace TrustMesh.Trust.Operators;

/// <summary>What became of an act on a person.</summary>
/// <param name="Refused">Why it was not done; else null.</param>
/// <param name="Missing">There is no such person.</param>
/// <param name="Before">In words; null where there was nothing, likewise <paramref name="After"/>.</param>
public sealed record OperatorAct(string? Refused, bool Missing, string? Before, string? After)
{
    internal static OperatorAct Not(string why) => new(why, false, null, null);

    internal static OperatorAct Nobody { get; } = new(null, true, null, null);
}
