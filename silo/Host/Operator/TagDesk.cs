using System.Data.Common;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>
/// Tags many devices at once, each for itself: by compare-and-swap on its own row and by the right of whoever asks at its own site. What one of them runs into holds
/// up no other, and the same sent again does nothing twice.
/// </summary>
public sealed class TagDesk(Silo silo)
{
    /// <summary>Devices of one act (attack A42).</summary>
    public const int Most = 1_000;

    /// <summary>Tagged at the same time: others get their turn.</summary>
    private const int AtOnce = 32;

    /// <summary>Whom a query finds, by name.</summary>
    public IReadOnlyList<DeviceId> Found(FleetQuery query)
    {
        var now = silo.Time.GetUtcNow();
        return [.. silo.Directory.Entries.Where(entry => query.Matches(entry.Facts(now), now))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.Device.Text, StringComparer.Ordinal).Select(entry => entry.Device)];
    }

    public async Task<IReadOnlyList<BulkOutcome>> ChangeAsync(IReadOnlyList<DeviceId> devices, TagChange change, OperatorRights rights, bool dryRun, CancellationToken cancellation)
    {
        var outcomes = new BulkOutcome[devices.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, devices.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (at, stop) => outcomes[at] = await OneAsync(devices[at], change, rights, dryRun, stop));
        return outcomes;
    }

    private async Task<BulkOutcome> OneAsync(DeviceId device, TagChange change, OperatorRights rights, bool dryRun, CancellationToken cancellation)
    {
        var (name, site) = silo.Directory.TryGet(device, out var entry) ? (entry.Name, entry.Site) : ("", "");
        try
        {
            var twin = silo.Place.Twin(device);
            if (await twin.ReadAsync(cancellation) is not { } state) return new(device.Text, name, site, "unknown", "No device has this id.");
            (name, site) = (state.Enrolment.Name, state.Enrolment.Site);
            var now = new BulkOutcome(device.Text, name, site, dryRun ? "would" : "done");
            if (rights.At(site) < OperatorRole.Operator) return now with { Outcome = "forbidden", Why = $"This needs operator for site {site}." };
            var step = TwinTransition.Tag(state, change, silo.Time.GetUtcNow());
            if (step.Refused is { } impossible) return now with { Outcome = "refused", Why = impossible };
            if (!step.Changed) return now with { Outcome = "already", Why = $"Its tags are that already: {DeviceTags.Text(state.Tags)}." };
            if (dryRun) return now with { Why = $"Its tags would be {DeviceTags.Text(step.State.Tags)}." };
            // No version: what somebody else added meanwhile stays.
            var answer = await twin.TagAsync(change, cancellation);
            return answer switch
            {
                null => now with { Outcome = "unknown", Why = "It is gone." },
                { Refused: { } refused } => now with { Outcome = "refused", Why = refused },
                _ => now with { Why = $"Its tags are {DeviceTags.Text(answer.State.Tags)}." },
            };
        }
        catch (Exception stale) when (stale is StaleTwinException or StaleRecordException)
        {
            return new(device.Text, name, site, "changed", "Somebody else changed it at the same moment; look at it again.");
        }
        catch (Exception failed) when (failed is UnreadableTwinException or UnansweredException or IOException or DbException && !cancellation.IsCancellationRequested)
        {
            silo.Log.RequestFailed(failed, "/api/v1/devices/tags", device.Text);
            return new(device.Text, name, site, "failed", failed is UnreadableTwinException or UnansweredException ? failed.Message : "The silo's storage did not answer; send it again.");
        }
    }
}
