using System.Data.Common;
using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Decides about many waiting devices at once. Each is decided for itself, by compare-and-swap on its own row and by the decider's right at its own site: what
/// one of them runs into holds up no other, and the same sent again does nothing twice.
/// </summary>
public sealed class QueueDesk(Silo silo)
{
    /// <summary>Devices of one decision (attack A42).</summary>
    public const int Most = 1_000;

    /// <summary>Decided at the same time: enough that a status list takes many of them, few enough that others get their turn.</summary>
    private const int AtOnce = 64;

    /// <summary>A device that proves itself just now changes its row between our look and our decision.</summary>
    private const int Tries = 4;

    /// <summary>Waiting devices that the query finds, by name.</summary>
    public IReadOnlyList<DeviceEntry> Waiting(FleetQuery query)
    {
        var now = silo.Time.GetUtcNow();
        return [.. silo.Directory.Entries.Where(entry => entry.Standing == Standing.Pending && query.Matches(entry.Facts(now), now))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.Device.Text, StringComparer.Ordinal)];
    }

    /// <param name="devices">With what was seen of each; null: as it is now.</param>
    /// <param name="decision">To active or revoked; its expected version is set here.</param>
    public async Task<IReadOnlyList<BulkOutcome>> DecideAsync(
        IReadOnlyList<(DeviceId Device, string? Mark)> devices, StandingDecision decision, OperatorRights rights, bool dryRun, CancellationToken cancellation)
    {
        var outcomes = new BulkOutcome[devices.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, devices.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (at, stop) => outcomes[at] = await OneAsync(devices[at].Device, devices[at].Mark, decision, rights, dryRun, stop));
        return outcomes;
    }

    /// <summary>What a person saw of a device who decides about it: its enrolment, its standing, and what its proofs say.</summary>
    public static string Mark(TwinState state)
        => Convert.ToHexStringLower(SHA256.HashData([.. state.Enrolment.Id.Span, (byte)state.Standing, (byte)(sbyte)(state.Verdict?.Status ?? TrustTier.None), (byte)state.Enrolment.Tier])[..8]);

    private async Task<BulkOutcome> OneAsync(DeviceId device, string? mark, StandingDecision decision, OperatorRights rights, bool dryRun, CancellationToken cancellation)
    {
        var (name, site) = silo.Directory.TryGet(device, out var entry) ? (entry.Name, entry.Site) : ("", "");
        try
        {
            var twin = silo.Place.Twin(device);
            for (var tries = 1; ; tries++)
            {
                if (await twin.ReadAsync(cancellation) is not { } state) return new(device.Text, name, site, "unknown", "No device has this id.");
                (name, site) = (state.Enrolment.Name, state.Enrolment.Site);
                var now = new BulkOutcome(device.Text, name, site, "would", Mark: Mark(state));
                if (rights.At(site) < OperatorRole.Approver) return now with { Outcome = "forbidden", Why = $"This needs approver for site {site}." };
                if (state.Standing == decision.To) return now with { Outcome = "already", Why = $"It is {TwinTransition.Text(state.Standing)} already." };
                if (mark is not null && mark != now.Mark) return now with { Outcome = "changed", Why = $"It is {TwinTransition.Text(state.Standing)} and not what was seen any more; look at it again." };
                // Never anything about a device that is in: that is an operator's, one at a time.
                if (state.Standing != Standing.Pending) return now with { Outcome = "refused", Why = $"It is {TwinTransition.Text(state.Standing)} and does not wait." };
                if (dryRun) return now with { Warning = await DoubtAsync(state, decision.To == Standing.Active, cancellation) };
                var answer = await twin.DecideAsync(decision with { Expected = state.Version }, cancellation);
                if (answer is { Refused: null }) return now with { Outcome = "done", Mark = Mark(answer.State) };
                if (tries == Tries) return now with { Outcome = "changed", Why = answer?.Refused ?? "It is gone." };
            }
        }
        catch (Exception stale) when (stale is StaleTwinException or StaleRecordException)
        {
            return new(device.Text, name, site, "changed", "Somebody else changed it at the same moment; look at it again.");
        }
        catch (Exception failed) when (failed is UnreadableTwinException or UnansweredException or IOException or DbException && !cancellation.IsCancellationRequested)
        {
            silo.Log.RequestFailed(failed, "/api/v1/devices/decide", device.Text);
            return new(device.Text, name, site, "failed", failed is UnreadableTwinException or UnansweredException ? failed.Message : "The silo's storage did not answer; send it again.");
        }
    }

    /// <summary>What somebody should look at before they decide; null if nothing is known.</summary>
    /// <param name="letsIn">Who is turned away may fail as it likes.</param>
    private async Task<string?> DoubtAsync(TwinState state, bool letsIn, CancellationToken cancellation)
    {
        var seen = IdentityBook.Doubt(await silo.Identities.SeenAsync(state.Enrolment, state, cancellation)) is { } doubt ? $"Seen before: {IdentityBook.Sentence(doubt)}." : null;
        var fails = letsIn && state.Verdict is { Status: TrustTier.Contraindicated } ? $"Its last proof fails: {DeviceEntry.Of(state).Fault ?? "the policy does not accept it"}." : null;
        return seen is null && fails is null ? null : Grammar.Fit($"{seen} {fails}".Trim());
    }
}
