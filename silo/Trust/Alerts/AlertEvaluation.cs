using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Directory;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// All rules over all devices, kept up to date change by change. A device that changed is asked of every rule; the whole directory only of rules that the clock alone can answer
/// differently, now and then. Knows no clock, no store and no silence. Not thread-safe.
/// </summary>
/// <param name="isOpen">Whether an alert of this rule and cause is open: whoever matches for it when a silo begins to watch has been seen to match for long enough before.</param>
public sealed class AlertEvaluation(Func<string, string, bool> isOpen)
{
    /// <summary>How long an alarm counts: it has no end of its own.</summary>
    public static readonly TimeSpan AlarmLasts = TimeSpan.FromHours(1);

    private readonly Dictionary<string, RuleMatches> rules = [];
    private readonly Dictionary<DeviceId, DateTimeOffset> alarms = [];
    private bool beginning = true;

    public IEnumerable<AlertGroup> Groups => rules.Values.SelectMany(one => one.Groups);

    /// <summary>What holds from now on. Rules that fire for the same as before keep who matches; true if there is another, for which the whole directory has to be asked.</summary>
    /// <returns>Rules that are gone or switched off.</returns>
    public IReadOnlyList<string> Take(IReadOnlyList<AlertRule> current, out bool news)
    {
        news = false;
        var wanted = current.Where(rule => rule.Enabled).ToDictionary(rule => rule.Name);
        var gone = rules.Keys.Where(name => !wanted.TryGetValue(name, out var rule) || !rule.IsSame(rules[name].Rule)).ToList();
        foreach (var name in gone) rules.Remove(name);
        foreach (var rule in wanted.Values)
        {
            if (rules.TryGetValue(rule.Name, out var known)) known.Rename(rule);
            else
            {
                rules.Add(rule.Name, new(rule));
                news = true;
            }
        }
        return gone;
    }

    /// <summary>A device came or changed.</summary>
    public void Note(DeviceEntry entry, DateTimeOffset now) => Note(entry, now, timeOnly: false);

    /// <summary>The whole directory.</summary>
    /// <param name="timeOnly">Only what the clock alone changes.</param>
    public void Sweep(IEnumerable<DeviceEntry> entries, DateTimeOffset now, bool timeOnly)
    {
        if (!timeOnly || rules.Values.Any(one => one.Rule.DependsOnTime))
            foreach (var entry in entries) Note(entry, now, timeOnly);
        if (!timeOnly) beginning = false;
    }

    /// <summary>An alarm was told of a device.</summary>
    public void Alarm(DeviceId device, string text, DateTimeOffset at, DateTimeOffset now)
    {
        if (at + AlarmLasts <= now) return;
        alarms[device] = at;
        foreach (var one in Of(AlertSource.Alarms)) one.Add(device, AlertCause.OfAlarm(text), now, held: true);
    }

    /// <summary>As <see cref="Alarm"/>, for one that was open when this silo began to watch.</summary>
    public void Restore(DeviceId device, AlertCause cause, DateTimeOffset at, DateTimeOffset now)
    {
        if (at + AlarmLasts <= now) return;
        alarms.TryAdd(device, at);
        foreach (var one in Of(AlertSource.Alarms)) one.Add(device, cause, now, held: true);
    }

    /// <summary>What the status list in force has left.</summary>
    public void Judge(DateTimeOffset issuedAt, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        // Signed anew at every quarter of its life: one that has an eighth left was passed over more than twice.
        var soon = expiresAt - now < (expiresAt - issuedAt) / 8;
        foreach (var one in Of(AlertSource.StatusList)) one.Concern(new("no new status list can be signed", null), soon);
    }

    /// <summary>Whether the mesh's log takes lines.</summary>
    public void Judge(bool isLogWritten)
    {
        foreach (var one in Of(AlertSource.Log)) one.Concern(AlertCause.Log, !isLogWritten);
    }

    /// <summary>What is wrong with silos.</summary>
    public void Judge(IReadOnlyList<SiloTrouble> troubles)
    {
        foreach (var one in Of(AlertSource.Silos)) one.Concern([.. troubles.Where(trouble => trouble.Rule == one.Rule.Name).Select(trouble => trouble.Cause)]);
    }

    /// <summary>What time has done: whoever matched for long enough counts, alarms end.</summary>
    public void Ripen(DateTimeOffset now)
    {
        foreach (var one in rules.Values) one.Ripen(now);
        if (alarms.Count == 0) return;
        foreach (var (device, at) in alarms)
        {
            if (at + AlarmLasts > now) continue;
            alarms.Remove(device);
            foreach (var one in Of(AlertSource.Alarms)) one.Remove(device);
        }
    }

    /// <summary>Lets go of groups that nobody is in and everybody looked at.</summary>
    public void Forget()
    {
        foreach (var one in rules.Values) one.Forget();
    }

    private IEnumerable<RuleMatches> Of(AlertSource source) => rules.Values.Where(one => one.Rule.Source == source);

    private void Note(DeviceEntry entry, DateTimeOffset now, bool timeOnly)
    {
        DeviceFacts? facts = null;
        foreach (var one in rules.Values)
        {
            if (one.Rule.Query is not { } query || timeOnly && !query.DependsOnTime) continue;
            facts ??= entry.Facts(now);
            if (!query.Matches(facts.Value, now))
            {
                one.Remove(entry.Device);
                continue;
            }
            var cause = AlertCause.Of(entry, facts.Value.Look);
            one.Add(entry.Device, cause, now, beginning && isOpen(one.Rule.Name, cause.Text));
        }
    }
}
