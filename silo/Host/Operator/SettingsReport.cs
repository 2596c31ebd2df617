using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Contracts;
using TrustMesh.Trust.Alerts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Feed;
using TrustMesh.Trust.History;
using TrustMesh.Trust.Measured;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Peers;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Revoking;
using TrustMesh.Trust.Twins;
using TrustMesh.Trust.Webhooks;
using TrustMesh.Wire;

namespace TrustMesh.Host.Operator;

/// <summary>A silo's settings in the words of the API: every number is the one the code that does it has.</summary>
public static class SettingsReport
{
    private const string ByItself = "by itself, when half of its life is over";

    public static async Task<SettingsView> OfAsync(Silo silo, CancellationToken cancellation)
        => new(silo.Place.Name, Dated(silo), await KeptAsync(silo, cancellation), Backup(silo.Settings.IsClustered));

    private static List<DatedView> Dated(Silo silo)
    {
        List<DatedView> dated =
        [
            Of("authority", silo.Authority.Certificate, [], "anew from the authority's key whenever a silo starts; who pins the mesh pins that key, which does not end", null),
            Of("devices", silo.Identity.Certificate, silo.Settings.DeviceNames, "by itself, 30 days before it ends and at every start", "--device-names"),
        ];
        if (silo.OperatorCertificate is { } served) dated.Add(Of("operators", served, Names(served), Waiting(silo, served) ?? "not by the silo: put a new file in its place and restart the silo", "--operator-certificate"));
        var (policy, status) = (silo.Policies.InForce.Policy, silo.Status.InForce);
        dated.Add(new("policy", $"{policy.Id}, version {Text(policy.Serial)}", [], Unix(policy.IssuedAt), Unix(policy.ExpiresAt), null, ByItself, "trustmesh policy set"));
        if (silo.References.All.MinBy(one => one.Values.ExpiresAt) is { } first)
            dated.Add(new("references", Grammar.Fit($"of {Text(silo.References.All.Count)} models, {first.Values.Model} first"), [], null, Unix(first.Values.ExpiresAt), null, ByItself, "trustmesh reference learn"));
        dated.Add(new("status-list", $"version {Text(status.Serial)}", [], status.IssuedAt, status.ExpiresAt, null, "by itself, in good time", "trustmesh policy set --grace"));
        return dated;
    }

    private static async Task<List<KeptView>> KeptAsync(Silo silo, CancellationToken cancellation)
    {
        var policy = silo.Policies.InForce.Policy;
        List<KeptView> kept =
        [
            new("The mesh's log", $"for ever: it only grows{await LogSizeAsync(silo, cancellation)}"),
            new("The timeline of a device", $"its newest {TwinState.TimelineLength} lines; the log has all of them"),
            new("The evidence of a device", "the last that was accepted, with the measurements of its boot"),
            new("How long a verdict counts", Seconds(policy.LifetimeSeconds), "trustmesh policy set --lifetime"),
            new("What devices say of each other", $"the last {EdgeRecord.MostRounds} rounds of each pair; none of a pair that was silent {Span(LedgerTransition.ForgottenAfter)} longer than its verdict counted"),
            new("First sight of measured values", $"{FirstSeen.MostValues:N0} values of each of {FirstSeen.MostModels} models"),
            new("Events for pages", $"the newest {TrustFeed.EventDepth:N0}, in memory; the log has all of them"),
            new("The past, for replay", $"as far back as the log goes; {LookHistory.MostKept:N0} changes of it at hand, in memory"),
            new("Alerts that are over", $"{Span(AlertBook.Kept)}, at most {AlertBook.MostResolved}"),
            new("Messages to a webhook", $"the newest {WebhookBook.MostDeliveries}"),
            new("Requests to revoke many", $"the newest {RevocationDesk.MostKept}"),
            new("Policies", $"all; who signed which and why of the newest {PolicyVersions.Most}"),
            new("Sessions of people", $"{Span(OperatorDesk.SessionLife)}, at most {OperatorDesk.MostSessions} of a person"),
            new("One-time codes", Span(OperatorDesk.CodeLife)),
            new("API tokens that ended", Span(ApiTokenDesk.Kept)),
        ];
        if (silo.Settings.Oidc is { } oidc)
        {
            kept.Add(new("Between two questions to the OpenID provider", Span(oidc.Every), "--oidc-refresh"));
            kept.Add(new("Sessions while the provider is silent", Span(oidc.Grace), "--oidc-grace"));
        }
        return [.. kept.Select(one => one with { HowLong = Grammar.Fit(one.HowLong) })];
    }

    private static BackupView Backup(bool clustered)
    {
        var key = new BackupPart("authority.key", "The mesh: without it every device has to enrol anew, and whoever has it can speak for the mesh. Once, offline, as it does not change.", clustered ? null : "cp \"$STATE/authority.key\" /media/offline/");
        return clustered
            ? new("cluster", null, [key, new("The storage of the cluster", "Everything else, of all silos. As the storage's own makers say; infra/CLUSTER.md has it for Redis and for blobs.", null)])
            : new("sqlite", null,
            [
                key,
                new("silo.db", "Everything else: devices, evidence, log, people. While the silo runs, with sqlite3 and not with cp, which may copy half a change.", "sqlite3 \"$STATE/silo.db\" \".backup '/mnt/backup/silo.db'\""),
                new("silo.key", "Who this silo is. Without it the silo is another one, and devices learn that at their next connection.", "cp \"$STATE/silo.key\" /mnt/backup/"),
            ]);
    }

    private static DatedView Of(string what, X509Certificate2 certificate, IReadOnlyList<string> names, string renewal, string? setting)
        => new(what, Grammar.Fit(certificate.Subject), [.. names.Select(name => Grammar.Fit(name))], certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), renewal, setting);

    /// <summary>Whether another certificate lies where the silo read its own at the start; null if not.</summary>
    private static string? Waiting(Silo silo, X509Certificate2 served)
    {
        try
        {
            using var file = X509CertificateLoader.LoadCertificateFromFile(silo.Settings.OperatorCertificate!.Certificate);
            return file.RawDataMemory.Span.SequenceEqual(served.RawDataMemory.Span) ? null
                : $"the file has another one since, which counts until {file.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}: restart the silo and it is used";
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return "not by the silo, and its file cannot be read now: the next start would fail";
        }
    }

    private static string[] Names(X509Certificate2 certificate) => certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
        ? [.. names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())).Take(16)] : [];

    /// <summary>Left out where a log cannot be read, which is told elsewhere (attack A43).</summary>
    private static async Task<string> LogSizeAsync(Silo silo, CancellationToken cancellation)
    {
        var entries = 0L;
        try
        {
            foreach (var log in silo.Logs) entries += (await log.HeadAsync(cancellation))?.Size ?? 0;
        }
        catch (UnreadableRecordException)
        {
            return "";
        }
        return $", {Text(entries)} entries by now";
    }

    private static DateTimeOffset Unix(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(long seconds) => Span(TimeSpan.FromSeconds(seconds));

    private static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => $"{span.TotalSeconds:0} s",
        { TotalMinutes: < 120 } => $"{span.TotalMinutes:0.#} min",
        { TotalHours: <= 48 } => $"{span.TotalHours:0.#} h",
        _ => $"{span.TotalDays:0.#} days",
    };
}
