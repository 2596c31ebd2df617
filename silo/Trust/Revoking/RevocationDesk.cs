using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>
/// Revoking many devices as one act: asked for by one person, decided by the same or, where <see cref="SecondPersonRule"/> says so, by another, and carried
/// out device by device by <see cref="RevocationRun"/>. Every step is a compare-and-swap on the request's row: of two who decide at once one wins, and the
/// other is told who. Sent again after a lost answer an act is the same act. What happened is in the log before it is answered. Thread-safe.
/// </summary>
public sealed class RevocationDesk
{
    /// <summary>Requests a mesh keeps.</summary>
    public const int MostKept = RevocationShelf.MostKept;

    /// <summary>Sites that a line of the log names; the twins' own lines name each device.</summary>
    private const int MostNamed = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(24), LeftUndone = TimeSpan.FromMinutes(1);

    private readonly RevocationShelf shelf;
    private readonly RevocationRun run;
    private readonly SecondPersonRule rule;
    private readonly DeviceDirectory directory;
    private readonly Func<long> serial;
    private readonly TimeProvider time;

    /// <param name="serial">Of the status list in force.</param>
    public RevocationDesk(
        IRecordStore store, SecondPersonRule rule, DeviceDirectory directory, Func<DeviceId, IDeviceTwin> twins, Func<long> serial, TimeProvider time)
    {
        (this.rule, this.directory, this.serial, this.time) = (rule, directory, serial, time);
        (shelf, run) = (new(store, time), new(twins));
    }

    /// <summary>A device that is turned away at the door was never in: that takes no second person.</summary>
    public static bool Counts(Standing standing) => standing is Standing.Active or Standing.Suspended;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<RevocationRequest>> ListAsync(CancellationToken cancellation)
        => [.. (await shelf.ListAsync(cancellation)).Select(one => one.View(time.GetUtcNow()))];

    public async Task<DeskAnswer> FindAsync(string id, CancellationToken cancellation)
        => await shelf.FindAsync(id, cancellation) is { } found ? await ViewAsync(found.Request, cancellation) : NotThere(id);

    /// <param name="order">With a reason that can stand.</param>
    /// <param name="stopping">Of the silo: what has begun does not end because whoever asked went away.</param>
    public async Task<DeskAnswer> AskAsync(RevocationOrder order, OperatorIdentity caller, CancellationToken cancellation, CancellationToken stopping)
    {
        if (Wrong(order) is { } wrong) return DeskAnswer.Not(DeskRefusal.Invalid, wrong);
        var id = order.Request ?? $"r-{Guid.NewGuid():n}";
        if (await shelf.FindAsync(id, cancellation) is { } known) return await AgainAsync(known, order, caller, stopping);
        var (now, entries) = (time.GetUtcMillisecond(), new List<DeviceEntry>());
        foreach (var one in order.Devices)
            if (directory.TryGet(DeviceId.Parse(one.Id), out var entry)) entries.Add(entry);
            else return DeskAnswer.Not(DeskRefusal.Invalid, $"There is no device {one.Id}; ask for a plan again.");
        var marks = order.Devices.ToDictionary(one => one.Id, one => one.Mark);
        foreach (var entry in entries.Where(entry => entry.Standing != Standing.Revoked && PlanMarks.Of(entry) == marks[entry.Device.Text]))
            if (RevocationRights.Missing(caller.Rights, entry.Standing, entry.Site) is { } missing)
                return DeskAnswer.Not(DeskRefusal.Forbidden, $"This needs {missing}; {caller.Name} is {caller.Rights.Text}. Ask for a plan again: it leaves out what is not yours.");
        var request = new StoredRequest(
            id, RequestStates.Waiting, order.Digest, entries.Count, [.. entries.Select(entry => entry.Site).Distinct().Order(StringComparer.Ordinal)], order.Reason.Trim(), caller.Name, now, now + Patience);
        var targets = entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => new RevocationTarget(entry.Device.Text, entry.Name, entry.Site, marks[entry.Device.Text], TargetOutcomes.Waiting, null));
        if (!await shelf.TryAddAsync(request, new([.. targets]), cancellation))
            return await shelf.FindAsync(id, cancellation) is { } first ? await AgainAsync(first, order, caller, stopping)
                : DeskAnswer.Not(DeskRefusal.Conflict, $"{RevocationShelf.MostWaiting} requests wait already; somebody has to decide about them first.");
        return await BeginAsync(request, 1, order, caller, cancellation, stopping);
    }

    public async Task<DeskAnswer> ApproveAsync(string id, RevocationApproval approval, OperatorIdentity caller, CancellationToken cancellation, CancellationToken stopping)
    {
        if (await shelf.FindAsync(id, cancellation) is not var (request, version)) return NotThere(id);
        if (request.By == caller.Name) return DeskAnswer.Not(DeskRefusal.Forbidden, "You asked for it; a second person has to approve it.");
        if (approval.Digest != request.Digest) return DeskAnswer.Not(DeskRefusal.Conflict, $"These are not the devices that were asked for, which have the digest {request.Digest}. Look at the request again.");
        if (Lacks(request, caller) is { } lacks) return DeskAnswer.Not(DeskRefusal.Forbidden, lacks);
        // The same person again after a lost answer, or somebody who goes on with what a silo that died left undone.
        if (request.State == RequestStates.Running && !request.IsAlone && (request.DecidedBy == caller.Name || time.GetUtcNow() - request.DecidedAt > LeftUndone))
            return await RunAsync(request, version, caller, stopping);
        if (request.State == RequestStates.Done && request.DecidedBy == caller.Name) return await ViewAsync(await ToldAsync(request, version), cancellation);
        if (Over(request) is { } over) return DeskAnswer.Not(DeskRefusal.Conflict, over);
        if (await DecideAsync(request, version, RequestStates.Running, caller, approval.Reason, cancellation) is { } lost) return lost;
        var (decided, now) = (await shelf.FindAsync(id, CancellationToken.None))!.Value;
        return await RunAsync(decided, now, caller, stopping);
    }

    /// <summary>Whoever asked can take it back.</summary>
    public async Task<DeskAnswer> RejectAsync(string id, string reason, OperatorIdentity caller, CancellationToken cancellation)
    {
        if (await shelf.FindAsync(id, cancellation) is not var (request, version)) return NotThere(id);
        if (request.By != caller.Name && Lacks(request, caller) is { } lacks) return DeskAnswer.Not(DeskRefusal.Forbidden, lacks);
        if (request is { State: RequestStates.Rejected } && request.DecidedBy == caller.Name) return await ViewAsync(await ToldAsync(request, version), cancellation);
        if (Over(request) is { } over) return DeskAnswer.Not(DeskRefusal.Conflict, over);
        if (await DecideAsync(request, version, RequestStates.Rejected, caller, reason, cancellation) is { } lost) return lost;
        return await ViewAsync((await shelf.FindAsync(id, CancellationToken.None))!.Value.Request, cancellation);
    }

    /// <summary>Begins to carry it out, or leaves it to a second person.</summary>
    private async Task<DeskAnswer> BeginAsync(StoredRequest request, long version, RevocationOrder order, OperatorIdentity caller, CancellationToken cancellation, CancellationToken stopping)
    {
        var counted = order.Devices.Count(one => !directory.TryGet(DeviceId.Parse(one.Id), out var entry) || Counts(entry.Standing));
        if (!await rule.TryTakeAsync(caller.Name, counted, cancellation)) return await ViewAsync(await ToldAsync(request, version), cancellation);
        var decided = request with { State = RequestStates.Running, DecidedBy = caller.Name, DecidedAt = time.GetUtcMillisecond(), Told = true };
        try
        {
            // From here on it goes on whether anybody listens or not.
            await shelf.WriteAsync(decided, version, LinesOf(decided));
        }
        catch (StaleRecordException)
        {
            // The same act, sent twice at once: it goes on with what the other has begun.
            return await AgainAsync((await shelf.FindAsync(request.Id, stopping))!.Value, order, caller, stopping);
        }
        return await RunAsync(decided, version + 1, caller, stopping);
    }

    private async Task<DeskAnswer> AgainAsync((StoredRequest Request, long Version) known, RevocationOrder order, OperatorIdentity caller, CancellationToken stopping)
    {
        var (request, version) = known;
        if (request.By != caller.Name || request.Digest != order.Digest || request.Reason != order.Reason.Trim())
            return DeskAnswer.Not(DeskRefusal.Conflict, $"Another request is called {request.Id}; choose another name.");
        // It was cut before it was known whether it waits.
        if (request is { State: RequestStates.Waiting, Told: false }) return await BeginAsync(request, version, order, caller, stopping, stopping);
        return request.State == RequestStates.Running && request.IsAlone ? await RunAsync(request, version, caller, stopping) : await ViewAsync(await ToldAsync(request, version), stopping);
    }

    /// <summary>Null if it was decided; else what to tell whoever came second.</summary>
    private async Task<DeskAnswer?> DecideAsync(StoredRequest request, long version, string state, OperatorIdentity caller, string? note, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var decided = request with { State = state, DecidedBy = caller.Name, DecidedAt = time.GetUtcMillisecond(), Note = note?.Trim() is { Length: > 0 } said ? said : null, Told = true };
            await shelf.WriteAsync(decided, version, LinesOf(decided));
            return null;
        }
        catch (StaleRecordException)
        {
            // Attack A40's race, for people: exactly one of two decisions counts. It may be the same person's, of which they heard nothing.
            if (await shelf.FindAsync(request.Id, cancellation) is not var (now, _)) return NotThere(request.Id);
            return now.State == state && now.DecidedBy == caller.Name ? null : DeskAnswer.Not(DeskRefusal.Conflict, Over(now) ?? "Somebody else decided at the same moment; look again.");
        }
    }

    private async Task<DeskAnswer> RunAsync(StoredRequest request, long version, OperatorIdentity caller, CancellationToken stopping)
    {
        request = await ToldAsync(request, version);
        var targets = await run.CarryOutAsync(request, (await shelf.TargetsAsync(request, stopping)).Targets.Devices, caller.Rights, stopping);
        while (true)
        {
            var (before, rowVersion) = await shelf.TargetsAsync(request, CancellationToken.None);
            var (kept, keptVersion) = (await shelf.FindAsync(request.Id, CancellationToken.None))!.Value;
            StoredTargets after = new([.. before.Devices.Zip(targets, Settled)]);
            var failed = after.Devices.Count(one => !TargetOutcomes.IsFinal(one.Outcome));
            var done = kept with { State = failed == 0 ? RequestStates.Done : RequestStates.Running, Revoked = after.Devices.Count(one => one.Outcome == TargetOutcomes.Revoked), Failed = failed };
            try
            {
                if (!after.Devices.SequenceEqual(before.Devices)) await shelf.WriteAsync(request, after, rowVersion, CancellationToken.None);
                if (done == kept) return await ViewAsync(done, stopping);
                await shelf.WriteAsync(done, keptVersion, Lines(caller.Name, $"revoked {done.Revoked} of {done.Devices} devices of request {done.Id}{(failed == 0 ? "" : $", {failed} failed")}", null));
            }
            catch (StaleRecordException)
            {
                // The same act was sent twice and runs twice: what both found is put together.
                continue;
            }
            return await ViewAsync(done, stopping);
        }
    }

    /// <summary>What is settled stays so, whoever says something else later: the first to see it revoked was the one who did it.</summary>
    private static RevocationTarget Settled(RevocationTarget before, RevocationTarget after) => TargetOutcomes.IsFinal(before.Outcome) ? before : after;

    /// <summary>The log has the line of what happened last: of a request that waits, or that a silo of before left without.</summary>
    private async Task<StoredRequest> ToldAsync(StoredRequest request, long version)
    {
        if (request.Told)
        {
            await shelf.SettleAsync(request);
            return request;
        }
        var told = request with { Told = true };
        try
        {
            await shelf.WriteAsync(told, version, LinesOf(told));
        }
        catch (StaleRecordException)
        {
            // Somebody else goes on with it at this moment, and tells it.
            return told;
        }
        return told;
    }

    /// <summary>What happened last.</summary>
    private IReadOnlyList<TwinEvent> LinesOf(StoredRequest request)
    {
        var devices = $"{request.Devices} device{(request.Devices == 1 ? "" : "s")} at {Sites(request.Sites)}, request {request.Id}, digest {request.Digest}";
        var (actor, what, why) = request switch
        {
            { State: RequestStates.Waiting } => (request.By, $"asks to revoke {devices}", request.Reason),
            { State: RequestStates.Rejected } => (request.DecidedBy!, $"{(request.IsAlone ? "takes back" : "rejects")} the revocation of {devices}", request.Note),
            { IsAlone: true } => (request.By, $"revokes {devices}", request.Reason),
            _ => (request.DecidedBy!, $"approves the revocation of {devices}, that {request.By} asked for", request.Note),
        };
        return Lines(actor, what, why);
    }

    private static string Sites(IReadOnlyList<string> sites)
        => string.Join(", ", sites.Take(MostNamed)) + (sites.Count > MostNamed ? $" and {sites.Count - MostNamed} more sites" : "");

    private IReadOnlyList<TwinEvent> Lines(string actor, string what, string? why) => OperatorLines.Of(time.GetUtcNow(), actor, what, null, null, why);

    private async Task<DeskAnswer> ViewAsync(StoredRequest request, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var targets = (await shelf.TargetsAsync(request, cancellation)).Targets.Devices;
        if (request.State == RequestStates.Waiting) targets = [.. targets.Select(Now)];
        return DeskAnswer.Of(new(request.View(now), targets, serial()));
    }

    /// <summary>What would become of it if somebody approved now.</summary>
    private RevocationTarget Now(RevocationTarget target)
        => !directory.TryGet(DeviceId.Parse(target.Id), out var entry) ? target
            : entry.Standing == Standing.Revoked ? target with { Outcome = TargetOutcomes.Already }
            : PlanMarks.Of(entry) != target.Mark ? target with { Outcome = TargetOutcomes.Changed, Why = RevocationRun.ChangedSince } : target;

    private string? Over(StoredRequest request) => request.View(time.GetUtcNow()).State switch
    {
        RequestStates.Waiting => null,
        RequestStates.Expired => "The request was not decided within 24 h and is over; ask again.",
        RequestStates.Rejected => $"{request.DecidedBy} rejected it already.",
        _ => $"{request.DecidedBy} {(request.IsAlone ? "did" : "approved")} it already.",
    };

    private static string? Lacks(StoredRequest request, OperatorIdentity caller)
        => request.Sites.FirstOrDefault(site => caller.Rights.At(site) < OperatorRole.Approver) is { } site ? $"This needs approver for site {site}; {caller.Name} is {caller.Rights.Text}. Ask an admin." : null;

    private static DeskAnswer NotThere(string id) => DeskAnswer.Not(DeskRefusal.NotFound, $"There is no request {Grammar.Fit(id)}; of those that are over the newest {RevocationShelf.MostKept} are kept.");

    private static string? Wrong(RevocationOrder order)
    {
        if (order.Devices is not { Count: >= 1 and <= RevocationPlanner.MostDevices }) return $"devices must be 1 to {RevocationPlanner.MostDevices}, those of the plan.";
        if (order.Request is not null && !Grammar.IsName(order.Request)) return "request must be 1 to 63 of a-z, 0-9, '.' and '-', the first a letter or digit.";
        if (order.Devices.Any(one => one is null || !DeviceId.TryParse(one.Id, out _) || one.Mark is not { Length: PlanMarks.Length })) return "Each device needs its id and its mark, as they stand in the plan.";
        if (order.Devices.DistinctBy(one => one.Id).Count() != order.Devices.Count) return "A device is there twice.";
        return PlanMarks.Digest(order.Devices) == order.Digest ? null : "The digest is not of these devices: something was lost on the way. Ask for a plan again.";
    }
}
