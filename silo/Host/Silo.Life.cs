using TrustMesh.Host.Embedded;
using TrustMesh.Host.Keys;
using TrustMesh.Host.Settings;
using TrustMesh.Host.Telemetry;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Mesh;
using TrustMesh.Trust.Records;

namespace TrustMesh.Host;

/// <summary>How a silo begins, goes on, and ends.</summary>
public sealed partial class Silo
{
    /// <summary>Opens keys and the mesh's place and reads what has to be in memory. Throws <see cref="InvalidDataException"/> with a sentence for the operator.</summary>
    /// <param name="putOut">Called with a sentence when the cluster goes on without this silo: the process has to end.</param>
    public static async Task<Silo> OpenAsync(SiloSettings settings, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation, Action<string>? putOut = null)
    {
        CreatePrivately(settings.State);
        var keys = SiloKeys.Open(settings, time);
        var stopping = new CancellationTokenSource();
        IMeshPlace? place = null;
        Silo? silo = null;
        try
        {
            var parts = new SiloParts(keys.MeshAuthority, new(keys.MeshAuthority), new(keys.Silo, () => keys.Identity.Chain), new SiloLog(loggers.CreateLogger<SiloLog>()), loggers, time);
            place = await Places.OpenAsync(settings, parts, keys, putOut ?? (_ => { }), stopping.Token, cancellation);
            silo = new Silo(settings, parts, keys, place, stopping);
            await silo.LoadAsync(cancellation);
            return silo;
        }
        catch
        {
            if (silo is not null) await silo.DisposeAsync();
            else
            {
                if (place is not null) await place.DisposeAsync();
                keys.Dispose();
                stopping.Dispose();
            }
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await renewal.DisposeAsync();
        await sweep.DisposeAsync();
        await watch.DisposeAsync();
        await logWatch.DisposeAsync();
        if (Oidc is not null) await Oidc.DisposeAsync();
        sender.Dispose();
        Status.Dispose();
        await FirstSeen.DisposeAsync();
        await Place.DisposeAsync();
        Meter.Dispose();
        Gate.Dispose();
        Keys.Dispose();
        random.Dispose();
        stopping.Dispose();
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        await MeshName.CheckAsync(Records, Settings.Mesh, cancellation);
        Logs = [.. Enumerable.Range(0, await Place.BeginLogsAsync(cancellation)).Select(number => new LogReader(number, Records))];
        History = new(Logs);
        // What a crash left under way is done before anything that it changes is read.
        await sweep.BeginAsync();
        await Policies.LoadAsync(DefaultPolicy.For(Settings), cancellation, Settings.LifetimeSeconds, Settings.IntervalSeconds);
        await References.LoadAsync(cancellation);
        await People.LoadAsync(cancellation);
        await Operators.LoadAsync(cancellation);
        await ApiTokens.LoadAsync(cancellation);
        // Before the twins are read: of what they report it is known then what is new.
        await FirstSeen.LoadAsync(cancellation);
        await Place.StartAsync(
            new(Directory, Edges, Ledger, Feed, Policies, References, Status, Propagation, Peers.AccuseAsync, Watchers.Wake, Watchers.WakeAll, Watchers.Nudge, Pulse), cancellation);
        Propagation.Begin(Status.InForce);
        watch.Start();
        sweep.Start();
        logWatch.Start();
        Oidc?.Start();
        Log.Started(Settings.Mesh, Convert.ToHexStringLower(AuthorityKey.SpkiHash.Span), AuthorityKey.Kind, Directory.Count, Policies.InForce.Policy.Serial);
    }

    /// <summary>A status list is in force: whoever waits gets it, before whoever decided is answered.</summary>
    private void Spread(StatusIssue issue)
    {
        Propagation.Begin(issue);
        Place.Issued(issue);
        Watchers.WakeAll();
        if (issue.Changes.Count == 0) return;
        Feed.Tell(StatusLines.Of(issue));
    }

    /// <summary>An act was finished that nobody of this silo was at any more: what it changed is read.</summary>
    private async Task FollowAsync(CancellationToken cancellation)
    {
        await People.LoadAsync(cancellation);
        await Policies.FollowAsync(cancellation);
        await References.FollowAsync(cancellation);
        Place.BooksChanged();
    }

    private async Task RenewAsync()
    {
        try
        {
            await Policies.RenewAsync(Stopping);
            await References.RenewAsync(Stopping);
            await ApiTokens.TidyAsync(Stopping);
            Place.BooksChanged();
            Watchers.Sweep();
        }
        catch (Exception failed) when (failed is IOException or StaleRecordException or Microsoft.Data.Sqlite.SqliteException)
        {
            Log.RenewalFailed(failed.Message);
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops.
        }
    }

    private static void CreatePrivately(string directory)
    {
        if (System.IO.Directory.Exists(directory)) return;
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(directory);
        else System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
