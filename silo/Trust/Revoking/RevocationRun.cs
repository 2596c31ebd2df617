using System.Data.Common;
using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>
/// Revokes the devices of a request that are still what they were when it was planned. Many at once: what is decided while a status list is being written
/// goes into the next one together, so a thousand devices take a handful of lists. Done again it finds what is done and does nothing.
/// </summary>
internal sealed class RevocationRun(Func<DeviceId, IDeviceTwin> twins)
{
    internal const string ChangedSince = "It is not what it was when this was planned, and is left as it is.";

    private const int AtOnce = 256, Tries = 5;

    /// <summary>Lines of a timeline by which people, peers or the device itself made it something else.</summary>
    private static readonly EventKind[] Decisions = [EventKind.Enrolled, EventKind.Approved, EventKind.Suspended, EventKind.Resumed];

    /// <param name="rights">Of whoever decides; asked for each device again (attack A37).</param>
    /// <returns>The same devices in the same order.</returns>
    internal async Task<IReadOnlyList<RevocationTarget>> CarryOutAsync(StoredRequest request, IReadOnlyList<RevocationTarget> devices, OperatorRights rights, CancellationToken stopping)
    {
        var after = devices.ToArray();
        var open = Enumerable.Range(0, after.Length).Where(at => !TargetOutcomes.IsFinal(after[at].Outcome));
        await Parallel.ForEachAsync(open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, async (at, cancellation) => after[at] = await OneAsync(request, after[at], rights, cancellation));
        return after;
    }

    private async Task<RevocationTarget> OneAsync(StoredRequest request, RevocationTarget target, OperatorRights rights, CancellationToken cancellation)
    {
        try
        {
            return await DecideAsync(request, target, rights, cancellation);
        }
        catch (UnreadableTwinException unreadable)
        {
            return target with { Outcome = TargetOutcomes.Failed, Why = unreadable.Message };
        }
        catch (Exception unknown) when (unknown is IOException or DbException or StaleTwinException or TimeoutException)
        {
            // One device that cannot be reached holds up no other; what became of it is looked up when this is sent again.
            return target with { Outcome = TargetOutcomes.Failed, Why = "The silo's storage did not answer; send it again." };
        }
    }

    private async Task<RevocationTarget> DecideAsync(StoredRequest request, RevocationTarget target, OperatorRights rights, CancellationToken cancellation)
    {
        var twin = twins(DeviceId.Parse(target.Id));
        var actor = request.DecidedBy!;
        var text = request.IsAlone ? request.Reason : $"asked by {request.By}: {request.Reason}";
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await twin.ReadAsync(cancellation) is not { } state) return target with { Outcome = TargetOutcomes.Changed, Why = "It is not here any more." };
            if (state.Standing == Standing.Revoked)
            {
                // Answered when the list in force says so, whoever did it.
                await twin.DecideAsync(new(Standing.Revoked, false, actor, text, null), cancellation);
                return target with { Outcome = IsOurs(state, request, actor, text) ? TargetOutcomes.Revoked : TargetOutcomes.Already, Why = null };
            }
            if (PlanMarks.Of(state) != target.Mark || state.Timeline.Any(line => line.At > request.At && Decisions.Contains(line.Kind)))
                return target with { Outcome = TargetOutcomes.Changed, Why = ChangedSince };
            if (RevocationRights.Missing(rights, state.Standing, state.Enrolment.Site) is { } missing) return target with { Outcome = TargetOutcomes.Refused, Why = $"This needs {missing}." };
            if (await twin.DecideAsync(new(Standing.Revoked, false, actor, text, state.Version), cancellation) is not { } answer) continue;
            if (answer.Refused is null) return target with { Outcome = TargetOutcomes.Revoked, Why = null };
            // It proved itself in between, which changes nothing of this: look again.
            if (answer.State.Version == state.Version) return target with { Outcome = TargetOutcomes.Refused, Why = answer.Refused };
        }
        return target with { Outcome = TargetOutcomes.Failed, Why = "It changed all the time; send it again." };
    }

    /// <summary>An earlier run of this very act did it.</summary>
    private static bool IsOurs(TwinState state, StoredRequest request, string actor, string text)
        => state.Timeline.LastOrDefault(line => line.Kind == EventKind.Revoked) is { } line && line.Actor == Grammar.Fit(actor) && line.Text == Grammar.Fit(text) && line.At >= request.At;
}
