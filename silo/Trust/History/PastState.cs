using TrustMesh.Contracts;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.History;

/// <summary>What lines of the log tell of a device: enough to say how it looked after the last of them. Pure.</summary>
public readonly record struct PastState(Standing Standing, TrustTier Status, bool Fresh)
{
    /// <summary>As in <see cref="Looks"/>.</summary>
    public string Look => Looks.Of(TwinTransition.Text(Standing), TwinTransition.Text(Status), Fresh);

    /// <param name="before">Null before the first line.</param>
    /// <param name="text">Of the line, as <see cref="TwinTransition"/> writes it.</param>
    public static PastState Next(PastState? before, EventKind kind, string text)
    {
        // A line of before the log began is missing; a device of which there are others was let in.
        var state = before ?? new(Standing.Active, TrustTier.None, false);
        return kind switch
        {
            EventKind.Enrolled => new(Joined(before, text), TrustTier.None, false),
            EventKind.Approved or EventKind.Resumed => state with { Standing = Standing.Active },
            EventKind.Suspended => state with { Standing = Standing.Suspended },
            EventKind.Revoked => state with { Standing = Standing.Revoked },
            EventKind.Verdict => state with { Status = Judged(text), Fresh = true },
            EventKind.Stale => state with { Fresh = false },
            _ => state,
        };
    }

    /// <summary>To join again lifts neither a suspension nor a revocation.</summary>
    private static Standing Joined(PastState? before, string text) => before is { Standing: Standing.Suspended or Standing.Revoked } kept ? kept.Standing
        : text.StartsWith($"joined{TwinTransition.LetIn}", StringComparison.Ordinal) || text.StartsWith($"joined again{TwinTransition.LetIn}", StringComparison.Ordinal) ? Standing.Active
        : Standing.Pending;

    private static TrustTier Judged(string text) => text.Split(':', 2)[0] switch
    {
        "affirming" => TrustTier.Affirming, "warning" => TrustTier.Warning, "contraindicated" => TrustTier.Contraindicated, _ => TrustTier.None,
    };
}
