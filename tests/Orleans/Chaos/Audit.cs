using TrustMesh.Contracts;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>
/// After the run: every acknowledged act is found, everything that is found was asked for, and an act nobody answered may or may not have happened.
/// Gives what is wrong, in sentences.
/// </summary>
internal sealed class Audit(LogBook log, IReadOnlyDictionary<string, DeviceSummary> listed, RevocationView list)
{
    private static readonly string[] Decisions = ["approved", "suspended", "resumed", "revoked"];
    private readonly List<string> wrong = [];

    public IReadOnlyList<string> Wrong => wrong;

    public void Device(ChaosDevice device)
    {
        var lines = log.Of(device.Id.Text);
        if (!listed.TryGetValue(device.Id.Text, out var summary))
        {
            wrong.Add($"{device.Name} is lost");
            return;
        }
        Enrolled(device, lines);
        Acts(device, lines, summary);
        Proofs(device, lines, summary);
        Listed(device, summary);
        foreach (var pair in lines.GroupBy(line => line.Version).Where(group => group.Count() > 1))
            wrong.Add($"{device.Name} has {pair.Count()} different lines of version {pair.Key}: {string.Join("; ", pair.Select(line => $"{line.Kind} {line.Text}"))}");
        if (lines.Count > 0 && lines[^1].Version > summary.Version) wrong.Add($"{device.Name} is of version {summary.Version}, and the log tells of {lines[^1].Version}");
    }

    public void Tokens(IReadOnlyDictionary<string, JoinToken> made, IReadOnlyList<JoinToken> kept)
    {
        var now = kept.ToDictionary(token => token.Id);
        var joined = log.Devices.Select(device => log.Of(device).FirstOrDefault(line => line.Kind == "enrolled")?.Text ?? "").ToList();
        foreach (var (id, token) in made)
        {
            if (!now.TryGetValue(id, out var stored)) wrong.Add($"join token {id} is lost");
            else if (stored.Uses != token.Uses || stored.Left < 0) wrong.Add($"join token {id} for {token.Uses} devices is for {stored.Uses}, {stored.Left} left");
            if (!log.OfMesh.Any(line => line.Text.StartsWith($"made join token {id} ", StringComparison.Ordinal))) wrong.Add($"the log does not tell of join token {id}");
        }
        foreach (var token in kept)
        {
            var used = joined.Count(text => text.Contains($"join token {token.Id}", StringComparison.Ordinal));
            if (used > token.Uses - token.Left) wrong.Add($"join token {token.Id} let {used} devices in, and {token.Uses - token.Left} of its {token.Uses} uses are taken");
        }
    }

    public void Policies(IReadOnlyDictionary<long, int> signed, PolicyView now)
    {
        foreach (var (version, grace) in signed)
        {
            if (version > now.Version) wrong.Add($"policy {version} was acknowledged, {now.Version} is in force");
            if (version == now.Version && grace != now.GraceSeconds) wrong.Add($"policy {version} had a grace of {grace}, and has {now.GraceSeconds}");
            if (!log.OfMesh.Any(line => line.Kind == "policy" && line.Text == $"policy {version} in force")) wrong.Add($"the log does not tell of policy {version}");
        }
    }

    private void Enrolled(ChaosDevice device, IReadOnlyList<LogEntryView> lines)
    {
        var joined = lines.Where(line => line.Kind == "enrolled").ToList();
        if (joined.Count != 1 || joined[0].Version != 1) wrong.Add($"{device.Name} has {joined.Count} lines of joining: {string.Join("; ", joined.Select(line => $"version {line.Version} {line.Text}"))}");
    }

    private void Acts(ChaosDevice device, IReadOnlyList<LogEntryView> lines, DeviceSummary summary)
    {
        var acts = device.Ledger.Acts;
        var (told, before) = (new HashSet<string>(), 0L);
        foreach (var act in acts)
        {
            var line = lines.FirstOrDefault(one => one.Kind == act.Kind && one.Text == act.Reason);
            if (line is not null) told.Add(act.Reason);
            if (act.End == ActEnd.Refused && line is not null) wrong.Add($"{device.Name}: {act}, and happened as version {line.Version}");
            if (act.End != ActEnd.Acknowledged) continue;
            // One that was not answered may have moved the device there before: then this one found nothing to do.
            if (line is null && !act.AfterDoubt) wrong.Add($"{device.Name}: {act}, and the log does not tell of it");
            if (line is not null && line.Version > act.Version) wrong.Add($"{device.Name}: {act}, and the log tells of version {line.Version}");
            if (line is not null && line.Version <= before) wrong.Add($"{device.Name}: {act}, and what was acknowledged before is of version {before}");
            before = Math.Max(before, line?.Version ?? 0);
        }
        foreach (var line in lines.Where(line => Decisions.Contains(line.Kind) && !told.Contains(line.Text) && line.Actor != TrustMesh.Trust.Twins.TwinEvent.Device))
            wrong.Add($"{device.Name}: nobody asked for {line.Kind} \"{line.Text}\" by {line.Actor}");
        var last = lines.LastOrDefault(line => Decisions.Contains(line.Kind));
        if (last is not null ? summary.Standing != Text(Act.StandingOf(last.Kind)) : summary.Standing is not ("pending" or "active"))
            wrong.Add($"{device.Name} is {summary.Standing}, and the log ends with {last?.Kind ?? "its joining"}");
        if (!device.Ledger.IsInDoubt && device.Ledger.Standing is { } known && summary.Standing != Text(known)) wrong.Add($"{device.Name} is {summary.Standing}, acknowledged was {known}");
    }

    /// <summary>A receipt's verdict is what the last line of a verdict before it says; and the twin has not forgotten the newest.</summary>
    private void Proofs(ChaosDevice device, IReadOnlyList<LogEntryView> lines, DeviceSummary summary)
    {
        var verdicts = lines.Where(line => line.Kind is "verdict").ToList();
        var active = device.Ledger.Proofs.Where(proof => proof.Standing == Standing.Active).ToList();
        AcceptedProof? before = null;
        foreach (var proof in active)
        {
            if (before?.Status != proof.Status)
            {
                // Results count whole seconds.
                var from = DateTimeOffset.FromUnixTimeSeconds(before?.IssuedAt ?? 0);
                var to = DateTimeOffset.FromUnixTimeSeconds(proof.IssuedAt + 1);
                if (!verdicts.Exists(line => line.At >= from && line.At <= to && line.Text.StartsWith(proof.Status.ToString().ToLowerInvariant(), StringComparison.Ordinal)))
                    wrong.Add($"{device.Name} became {proof.Status} at {to:HH:mm:ss}, and the log does not tell of it");
            }
            before = proof;
        }
        if (device.Ledger.Proofs.LastOrDefault(proof => proof.Standing != Standing.Revoked) is not { } last) return;
        if (summary.ExpiresAt is not { } until || until.ToUnixTimeSeconds() < last.ExpiresAt)
            wrong.Add($"{device.Name} has a receipt until {DateTimeOffset.FromUnixTimeSeconds(last.ExpiresAt):HH:mm:ss} and a verdict until {summary.ExpiresAt:HH:mm:ss}");
    }

    private void Listed(ChaosDevice device, DeviceSummary summary)
    {
        var on = list.Devices.Where(one => one.Id == device.Id.Text).Select(one => one.Standing).ToList();
        if (!on.SequenceEqual(summary.Standing is "suspended" or "revoked" ? [summary.Standing] : []))
            wrong.Add($"{device.Name} is {summary.Standing}, and the status list says {(on.Count == 0 ? "nothing" : string.Join(", ", on))}");
    }

    private static string Text(Standing standing) => standing.ToString().ToLowerInvariant();
}
