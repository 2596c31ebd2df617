using TrustMesh.Contracts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// Fires and resolves the alerts of a mesh, at the silo that watches. It follows this silo's feed change by change, and looks at what the clock alone changes every ten seconds. Decide,
/// save, remember, tell: after any exception it is thrown away, and another begins from what is stored. One call at a time.
/// </summary>
/// <param name="log">Whether the mesh's log takes lines, as this silo finds it.</param>
/// <param name="troubles">What is wrong with silos, as this silo hears it; outlives the board.</param>
/// <param name="tell">Gets what fired and what resolved, for the feeds of all silos.</param>
/// <param name="outlet">Hands what is owed on to webhooks; what it returned from is not lost any more.</param>
public sealed class AlertBoard(
    AlertBook book, AlertRuleBook rules, SilenceBook silences, DeviceDirectory directory, TrustFeed feed, Func<StatusIssue> list, IMeshLog log, SiloTroubles troubles,
    Action<TwinEvent> tell, IAlertOutlet outlet, TimeProvider time)
{
    /// <summary>Between two looks at what the clock changes; between two at what other silos may have written; and between two writes of how many devices an alert has.</summary>
    public static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10), RereadEvery = TimeSpan.FromMinutes(1), CountEvery = TimeSpan.FromSeconds(5);

    private const int MostShown = 20;

    private readonly Dictionary<(string Rule, string Cause), KeptAlert> open = [];
    private readonly Dictionary<string, KeptAlert> owing = [];
    private AlertEvaluation evaluation = null!;
    private Silencing silencing = new([]);
    private long graph, events, sweptAt, rereadAt;

    /// <summary>Numbers of the feed it has read to: there is something to do when there is more.</summary>
    public (long Graph, long Events) ReadTo => (graph, events);

    /// <summary>Reads what is stored and looks at every device.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        evaluation = new((rule, cause) => open.ContainsKey((rule, cause)));
        troubles.Begin();
        await RereadAsync(cancellation);
        var now = time.GetUtcNow();
        foreach (var one in open.Values.Where(one => one.Alert.Rule == "devices-alarming"))
            foreach (var device in one.Alert.Sample)
                if (DeviceId.TryParse(device.Id, out var id)) evaluation.Restore(id, new(one.Alert.Cause, one.Alert.Site), one.Alert.ChangedAt, now);
        // The numbers first: what changes while the directory is looked at comes again.
        (graph, events, sweptAt) = (feed.Graph.Last, feed.Events.Oldest, time.GetTimestamp());
        evaluation.Sweep(directory.Entries, now, timeOnly: false);
    }

    /// <summary>Takes what is new, and settles what follows from it.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var acted = Hear(now);
        if (acted || time.GetElapsedTime(rereadAt) >= RereadEvery) await RereadAsync(cancellation);
        Follow(now);
        var sweeps = time.GetElapsedTime(sweptAt) >= SweepEvery;
        if (sweeps)
        {
            sweptAt = time.GetTimestamp();
            evaluation.Sweep(directory.Entries, now, timeOnly: true);
        }
        var issue = list();
        evaluation.Judge(issue.IssuedAt, issue.ExpiresAt, now);
        evaluation.Judge(isLogWritten: log.Trouble?.Now is null);
        if (troubles.Look(one => open.ContainsKey((one.Rule, one.Cause.Text))) is { } wrong) evaluation.Judge(wrong);
        evaluation.Ripen(now);
        await SettleAsync(now, looksAtSilences: sweeps || acted, cancellation);
        await PayAsync(cancellation);
    }

    /// <summary>What was told since: alarms, and whether somebody did something that may be about alerts.</summary>
    private bool Hear(DateTimeOffset now)
    {
        var acted = false;
        if (feed.Events.After(events) is not { } news)
        {
            // Some are gone; of those that are still here none is to be missed.
            acted = true;
            events = feed.Events.Oldest;
            news = feed.Events.After(events) ?? [];
        }
        foreach (var one in news)
        {
            if (one.Kind == EventKinds.Text(EventKind.Operator)) acted = true;
            if (one.Kind == EventKinds.Text(EventKind.Alarm) && DeviceId.TryParse(one.Device, out var device)) evaluation.Alarm(device, one.Text, one.At, now);
        }
        if (news.Count > 0) events = news[^1].Sequence;
        return acted;
    }

    private void Follow(DateTimeOffset now)
    {
        var to = feed.Graph.Last;
        var news = feed.Graph.After(graph);
        if (news is null) evaluation.Sweep(directory.Entries, now, timeOnly: false);
        else
        {
            to = graph + news.Count;
            foreach (var device in news.Where(change => change.To is null).Select(change => change.Device).Distinct())
                if (directory.TryGet(device, out var entry)) evaluation.Note(entry, now);
        }
        graph = to;
    }

    /// <summary>What any silo may have changed: rules, silences, acknowledgements.</summary>
    private async Task RereadAsync(CancellationToken cancellation)
    {
        rereadAt = time.GetTimestamp();
        await silences.TidyAsync(cancellation);
        silencing = new(await silences.ListAsync(cancellation));
        var all = await book.ListAsync(cancellation);
        await book.TidyAsync(all, cancellation);
        open.Clear();
        // Two of a kind can be left by two silos that both thought it was their turn: the first goes on, the other one is resolved.
        foreach (var one in all.Where(one => one.Alert.IsOpen).OrderBy(one => one.Alert.FiredAt))
            if (!open.TryAdd((one.Alert.Rule, one.Alert.Cause), one)) await ResolveAsync(one, time.GetUtcNow(), cancellation);
        foreach (var one in all)
            if (one.Alert.Owed is { Count: > 0 }) owing[one.Id] = one;
        evaluation.Take(await rules.ListAsync(cancellation), out var news);
        if (news) evaluation.Sweep(directory.Entries, time.GetUtcNow(), timeOnly: false);
        await outlet.RereadAsync(cancellation);
    }

    private async Task SettleAsync(DateTimeOffset now, bool looksAtSilences, CancellationToken cancellation)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var group in evaluation.Groups.ToList())
        {
            var key = (group.Rule.Name, group.Cause.Text);
            if (!group.IsEmpty) seen.Add(key);
            open.TryGetValue(key, out var known);
            if (!group.Changed && !(looksAtSilences && known is not null && (known.Alert.Silence is not null || silencing.Concerns(group.Rule.Name)))) continue;
            group.Changed = false;
            if (group.IsEmpty)
            {
                if (known is not null && !await ResolveAsync(known, now, cancellation)) group.Changed = true;
            }
            else if (!await FireAsync(group, known, now, cancellation)) group.Changed = true;
        }
        // Nobody matches, or the rule is gone or switched off. Of silos nothing is known before the first answer.
        foreach (var (key, known) in open.Where(pair => !seen.Contains(pair.Key) && (troubles.Now is not null || !SiloTroubles.Rules.Contains(pair.Key.Rule))).ToList()) await ResolveAsync(known, now, cancellation);
        evaluation.Forget();
    }

    /// <summary>False if it has to be looked at again.</summary>
    private async Task<bool> FireAsync(AlertGroup group, KeptAlert? known, DateTimeOffset now, CancellationToken cancellation)
    {
        var silence = silencing.Concerns(group.Rule.Name) ? silencing.Cover(group.Rule.Name, Entries(group.Members), group.Whole, now) : null;
        var count = group.Members.Count;
        if (known is null)
        {
            var fresh = new StoredAlert(group.Rule.Name, group.Rule.Severity, group.Cause.Text, group.Cause.Site, group.Rule.Query?.Text, count, count, Sample(group), now, now, Silence: silence, Silo: group.Cause.Silo);
            return await SaveAsync(null, AlertBook.IdOf(fresh.Rule, fresh.Cause, now), Told(fresh), now, cancellation);
        }
        var before = known.Alert;
        var quiet = before.Silence?.Id != silence?.Id;
        if (before.Devices == count && !quiet && before.Severity == group.Rule.Severity && before.Query == group.Rule.Query?.Text) return true;
        // How many there are may change a thousand times a second; that somebody is to be told, or no longer, is written at once.
        if (!quiet && now - before.ChangedAt < CountEvery && now >= before.ChangedAt) return false;
        var after = before with
        {
            Severity = group.Rule.Severity, Query = group.Rule.Query?.Text, Devices = count, Most = Math.Max(count, before.Most), Sample = Sample(group), ChangedAt = now, Silence = silence,
        };
        return await SaveAsync(known, known.Id, Told(after), now, cancellation);
    }

    private Task<bool> ResolveAsync(KeptAlert known, DateTimeOffset now, CancellationToken cancellation)
    {
        var after = known.Alert with { Devices = 0, ResolvedAt = now, ChangedAt = now, Silence = null };
        return SaveAsync(known, known.Id, after.Told ? after.Owing(StoredAlert.Resolved) : after, now, cancellation);
    }

    private static StoredAlert Told(StoredAlert alert) => alert.Told || alert.Silence is not null ? alert : (alert with { Told = true }).Owing(StoredAlert.Fired);

    /// <summary>False if somebody else changed the row; then what is there is known, and it is to be looked at again.</summary>
    private async Task<bool> SaveAsync(KeptAlert? before, string id, StoredAlert alert, DateTimeOffset now, CancellationToken cancellation)
    {
        var key = (alert.Rule, alert.Cause);
        try
        {
            var kept = await book.WriteAsync(id, before?.Version ?? 0, alert, cancellation);
            if (kept.Alert.IsOpen) open[key] = kept;
            else if (open.TryGetValue(key, out var known) && known.Id == id) open.Remove(key);
            if (alert.Owed is { Count: > 0 }) owing[id] = kept;
            Publish(before?.Alert, alert, now);
            return true;
        }
        catch (StaleRecordException)
        {
            // Somebody acknowledged it meanwhile, or another silo thought it was its turn.
            if (await book.ReadAsync(id, cancellation) is { Alert.IsOpen: true } current) open[key] = current;
            else open.Remove(key);
            return false;
        }
    }

    private void Publish(StoredAlert? before, StoredAlert after, DateTimeOffset now)
    {
        if (!after.Told) return;
        if (before is not { Told: true }) tell(new(now, EventKind.Alert, Grammar.Fit($"{after.Severity} alert {after.Rule} fired: {after.Text}"), TwinEvent.Alerts));
        if (!after.IsOpen) tell(new(now, EventKind.Alert, Grammar.Fit($"{after.Severity} alert {after.Rule} resolved: {after.Text}"), TwinEvent.Alerts));
    }

    /// <summary>Tells what is owed. What was told and could not be struck off is told again, with the same number.</summary>
    private async Task PayAsync(CancellationToken cancellation)
    {
        foreach (var one in owing.Values.ToList())
        {
            var view = one.View(time.GetUtcNow());
            foreach (var what in one.Alert.Owed!) await outlet.OfferAsync(view, what, cancellation);
            owing.Remove(one.Id);
            var current = one;
            for (var struck = false; !struck;)
            {
                try
                {
                    var paid = current.Alert with { Owed = current.Alert.Owed?.Except(one.Alert.Owed!).ToList() is { Count: > 0 } left ? left : null };
                    var kept = await book.WriteAsync(current.Id, current.Version, paid, cancellation);
                    if (open.TryGetValue((paid.Rule, paid.Cause), out var known) && known.Id == kept.Id) open[(paid.Rule, paid.Cause)] = kept;
                    if (paid.Owed is not null) owing[kept.Id] = kept;
                    struck = true;
                }
                catch (StaleRecordException)
                {
                    // Acknowledged meanwhile: that is owed too, and comes with the next round.
                    if (await book.ReadAsync(current.Id, cancellation) is not { } now) break;
                    current = now;
                }
            }
        }
    }

    private IEnumerable<DeviceEntry> Entries(IEnumerable<DeviceId> members)
    {
        foreach (var device in members)
            if (directory.TryGet(device, out var entry)) yield return entry;
    }

    private IReadOnlyList<AlertDevice> Sample(AlertGroup group)
        => [.. Entries(group.Members).Take(MostShown).Select(entry => new AlertDevice(entry.Device.Text, entry.Name, entry.Site)).OrderBy(one => one.Name, StringComparer.Ordinal)];
}
