using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using TrustMesh.Contracts;
using TrustMesh.Host;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Log;
using TrustMesh.Wire.Merkle;
using OwedLines = TrustMesh.Trust.Log.LogLines;

namespace TrustMesh.Tests.Host;

/// <summary>The log of a whole silo, and what an auditor with the command line finds in it.</summary>
public class LogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-audit-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public async Task Everything_that_was_acknowledged_is_in_the_log_and_the_log_is_whole()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("pump-1");
        await device.ProveAsync();
        using var waiting = new TestDevice("pump-2");
        await waiting.ConnectAsync(silo.Devices);
        await waiting.EnrolAsync(await silo.JoinTokenAsync(autoApprove: false));
        await silo.PostAsync<DeviceSummary>("devices/pump-2/approve", new Decision(null));
        await silo.PostAsync<ReferenceView>("references/learn", new LearnRequest("pump-1"));
        using (var policy = await silo.Operator.PutAsync("policy", System.Net.Http.Json.JsonContent.Create(new PolicyUpdate(Quorum: 4)))) Assert.Equal(HttpStatusCode.OK, policy.StatusCode);
        await silo.PostAsync<DeviceSummary>("devices/pump-2/revoke", new Decision("stolen from the depot"));

        var entries = await EntriesAsync(silo);
        foreach (var (kind, name, text, actor) in new[]
        {
            ("operator", "", "signed in", "admin"), ("enrolled", "pump-1", "", "device"), ("verdict", "pump-1", "", "device"), ("enrolled", "pump-2", "", "device"), ("approved", "pump-2", "", "admin"),
            ("reference", "", "pump-1", "admin"), ("policy", "", "in force", "admin"), ("revoked", "pump-2", "stolen from the depot", "admin"), ("operator", "", "made join token", "admin"),
        })
            Assert.Contains(entries, one => (one.Kind, one.Name, one.Actor) == (kind, name, actor) && one.Text.Contains(text, StringComparison.Ordinal));
        // What the feed tells and what the timelines tell is in the log, once.
        foreach (var told in silo.Silo.Feed.Events.After(silo.Silo.Feed.Events.Oldest)!.Where(told => told.Kind != "revocation"))
            Assert.Single(entries, one => (one.Kind, one.Device, one.Text, one.Actor) == (told.Kind, told.Device, told.Text, told.Actor) && one.At == Millisecond(told.At));
        Assert.Equal(entries.Count, entries.Distinct().Count());

        var auditor = await AuditorAsync(silo);
        Assert.True(await auditor.RunAsync("log", "verify") == 0, auditor.Output + auditor.Error);
        foreach (var log in await silo.GetAsync<List<LogView>>("log")) Assert.Contains($"test-mesh/log/{log.Number}: {log.Size} entries, root {log.Root}: the log is whole", auditor.Output);
        Assert.Equal(0, await auditor.RunAsync("log", "show", "--device", "pump-2"));
        Assert.Contains("stolen from the depot", auditor.Output);
        Assert.DoesNotContain("pump-1", auditor.Output);
    }

    [Fact]
    public async Task The_line_of_a_status_list_gets_there_without_anybody_waiting()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("pump-1");
        await silo.PostAsync<DeviceSummary>("devices/pump-1/revoke", new Decision("stolen"));
        // A stop waits for what is on its way.
        await silo.RestartAsync();
        Assert.Single(await EntriesAsync(silo), one => one.Kind == "revocation" && one.Text.Contains("pump-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_line_of_a_status_list_that_a_stop_cut_off_is_told_at_the_next_start_and_once()
    {
        await using var silo = await RunningSilo.StartAsync();
        silo.OnlyEmbedded("this breaks SQLite; storage that fails under a cluster is in Orleans/Faults");
        using TestDevice one = await silo.JoinAsync("pump-1"), other = await silo.JoinAsync("pump-2");
        await silo.PostAsync<DeviceSummary>("devices/pump-2/revoke", new Decision("stolen"));
        Define(silo, "CREATE TRIGGER broken BEFORE UPDATE ON record WHEN new.kind = 'log-head' BEGIN SELECT RAISE(ABORT, 'no log today'); END");
        Assert.Equal("unavailable", (await silo.ProblemAsync(silo.Operator, "devices/pump-1/revoke", new Decision("stolen"))).Code);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await silo.GetAsync<RevocationView>("revocations")).Devices.Count < 2) await silo.Silo.Feed.Events.WaitAsync(silo.Silo.Feed.Events.Last, patience.Token);
        await silo.RestartAsync(() => Define(silo, "DROP TRIGGER broken"));
        for (var start = 0; start < 2; start++)
        {
            // A stop waits for what is on its way.
            await silo.RestartAsync();
            foreach (var name in (string[])["pump-1", "pump-2"])
                Assert.Single(await EntriesAsync(silo), line => line.Kind == "revocation" && line.Text.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_flipped_byte_of_a_stored_bundle_is_found_and_named()
    {
        await using var silo = await RunningSilo.StartAsync();
        await FillAsync(silo, 700);
        var auditor = await AuditorAsync(silo);
        Assert.Equal(0, await auditor.RunAsync("log", "verify"));
        await silo.RestartAsync(() => Change(silo, "log-bundle", (bundle, rows) =>
        {
            var at = bundle.AsSpan().IndexOf("line 300 "u8);
            if (at < 0) return false;
            bundle[at] ^= 1;
            return true;
        }));
        auditor = await AuditorAsync(silo);
        Assert.Equal(1, await auditor.RunAsync("log", "verify"));
        var index = (await EntriesAsync(silo)).FindIndex(one => one.Text.Contains("ine 300 ", StringComparison.Ordinal));
        Assert.Contains($"the log is NOT whole, the first entry that is wrong is {index}", auditor.Output);
        // It is served all the same: what is wrong is there to be seen.
        Assert.Equal("mine 300 of many", (await EntriesAsync(silo))[index].Text);
    }

    [Fact]
    public async Task A_row_that_is_gone_is_found_and_named()
    {
        await using var silo = await RunningSilo.StartAsync();
        await FillAsync(silo, 700);
        await silo.RestartAsync(() => Run(silo, "DELETE FROM record WHERE kind = 'log-bundle' AND id = (SELECT min(id) FROM record WHERE kind = 'log-bundle')"));
        var auditor = await AuditorAsync(silo);
        Assert.Equal(1, await auditor.RunAsync("log", "verify"));
        Assert.Matches("the first entry that is wrong is (0|256)", auditor.Output);
        using var page = await silo.Operator.GetAsync("log/0/entries?from=0&limit=600");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
    }

    [Fact]
    public async Task A_log_put_back_to_an_older_state_is_whole_and_found_by_what_was_saved()
    {
        var saved = Path.Combine(folder, "seen.json");
        await using var silo = await RunningSilo.StartAsync();
        await FillAsync(silo, 10);
        byte[] older = [];
        await silo.RestartAsync(() => Change(silo, "log-head", (head, _) =>
        {
            older = head.ToArray();
            return false;
        }));
        await FillAsync(silo, 600);
        var auditor = await AuditorAsync(silo);
        Assert.Equal(0, await auditor.RunAsync("log", "verify", "--save", saved));
        Assert.Equal(0, await auditor.RunAsync("log", "verify", "--since", saved));
        await silo.RestartAsync(() => Run(silo, "UPDATE record SET value = @value WHERE kind = 'log-head'", older));
        auditor = await AuditorAsync(silo);
        Assert.Equal(0, await auditor.RunAsync("log", "verify"));
        Assert.Equal(1, await auditor.RunAsync("log", "verify", "--since", saved));
        Assert.Contains("log.older", auditor.Output);

        // Grown again past what was seen, with other entries: the past is another one.
        await FillAsync(silo, 800);
        Assert.Equal(0, await auditor.RunAsync("log", "verify"));
        Assert.Equal(1, await auditor.RunAsync("log", "verify", "--since", saved));
        Assert.Contains("log.past", auditor.Output);
    }

    [Fact]
    public async Task An_exported_log_is_verified_without_a_silo()
    {
        var target = Path.Combine(folder, "export");
        string pin;
        await using (var silo = await RunningSilo.StartAsync())
        {
            await FillAsync(silo, 600);
            pin = Convert.ToHexStringLower(silo.Silo.AuthorityKey.SpkiHash.Span);
            var there = await AuditorAsync(silo);
            Assert.True(await there.RunAsync("log", "export", target) == 0, there.Error);
        }
        var auditor = new CliRun();
        Assert.Equal(6, await auditor.RunAsync("log", "verify", "--dir", target));
        Assert.Equal(6, await auditor.RunAsync("log", "verify", "--dir", target, "--authority", new string('0', 64)));
        Assert.True(await auditor.RunAsync("log", "verify", "--dir", target, "--authority", pin) == 0, auditor.Output + auditor.Error);
        Assert.Contains("the log is whole", auditor.Output);
        var tile = Path.Combine(target, "0", "tile", "0", "001");
        var hashes = await File.ReadAllBytesAsync(tile);
        hashes[32 * 5] ^= 1;
        await File.WriteAllBytesAsync(tile, hashes);
        Assert.Equal(1, await auditor.RunAsync("log", "verify", "--dir", target, "--authority", pin, "--json"));
        Assert.Contains("\"firstWrong\":261", auditor.Output);
    }

    [Fact]
    public async Task The_API_serves_the_paths_of_the_specification_and_proofs()
    {
        await using var silo = await RunningSilo.StartAsync();
        await FillAsync(silo, 300);
        var log = (await silo.GetAsync<List<LogView>>("log"))[0];
        var note = SignedNote.Decode(await silo.Operator.GetByteArrayAsync("log/0/checkpoint"));
        var checkpoint = Checkpoint.Decode(note.Text);
        Assert.Equal((log.Origin, log.Size, log.Root), (checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root.Span)));
        foreach (var tile in LogTile.Hashes(log.Size)) Assert.Equal(tile.Count * 32, (await silo.Operator.GetByteArrayAsync($"log/0/{tile.Path}")).Length);
        foreach (var tile in LogTile.Entries(log.Size)) Assert.Equal(tile.Count, EntryBundle.Decode(await silo.Operator.GetByteArrayAsync($"log/0/{tile.Path}")).Count);
        // A reader who is behind asks for the width it knows.
        Assert.Equal(7, EntryBundle.Decode(await silo.Operator.GetByteArrayAsync("log/0/tile/entries/000.p/7")).Count);
        foreach (var (path, status) in new[]
        {
            ("log/9/checkpoint", 404), ("log/0/tile/0/009", 404), ("log/0/tile/3/000", 404), ("log/0/tile/0/0", 400), ("log/0/tile/9/000", 400), ("log/0/tile/entries/000.p/256", 400), ("log/0/tile/..%2f..", 400),
            ("log/0/entries?from=-1", 400), ("log/0/entries?from=100000", 400), ("log/0/entries?limit=1001", 400), ("log/0/proof?index=100000", 400), ("log/x/checkpoint", 400),
        })
            using (var answer = await silo.Operator.GetAsync(path)) Assert.Equal((path, status), (path, (int)answer.StatusCode));
        foreach (var index in (long[])[0, 255, 256, log.Size - 1])
        {
            var proof = await silo.GetAsync<LogProofView>(string.Create(CultureInfo.InvariantCulture, $"log/0/proof?index={index}"));
            var head = Checkpoint.Decode(SignedNote.Decode(Encoding.UTF8.GetBytes(proof.Checkpoint)).Text);
            var leaf = new byte[32];
            MerkleTree.HashLeaf(Convert.FromBase64String(proof.Entry), leaf);
            Assert.True(MerkleTree.Includes(head.Root.Span, leaf, index, head.Size, [.. proof.Path.Select(hash => new ReadOnlyMemory<byte>(Convert.FromBase64String(hash)))]));
        }
    }

    [Fact]
    public async Task Entries_are_found_by_kind_person_device_text_and_time_and_gone_through_page_by_page()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("pump-1");
        using var other = await silo.JoinAsync("pump-2");
        await FillAsync(silo, 700);
        await silo.PostAsync<DeviceSummary>("devices/pump-1/suspend", new Decision("smells of smoke"));
        await silo.PostAsync<DeviceSummary>("devices/pump-2/revoke", new Decision("stolen"));
        var all = await EntriesAsync(silo);

        var walked = new List<LogFinding>();
        string? next = null;
        do
        {
            var page = await silo.GetAsync<LogFindings>($"log/entries?limit=97{(next is null ? "" : $"&cursor={next}")}");
            walked.AddRange(page.Entries);
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(walked.Count, walked.DistinctBy(one => (one.Log, one.Entry.Index)).Count());
        Assert.Empty(all.Except(walked.Select(one => one.Entry)));
        Assert.All(walked.GroupBy(one => one.Log), log => Assert.Equal(log.Select(one => one.Entry.Index).OrderDescending(), log.Select(one => one.Entry.Index)));
        // 700 lines of 1970, as a silo with an empty battery would write them, do not hide what was before them.
        Assert.Contains((await silo.GetAsync<LogFindings>($"log/entries?since={all[0].At.UtcDateTime:O}&kind=enrolled")).Entries, one => one.Entry.Name == "pump-1");

        Assert.Equal("stolen", Assert.Single((await silo.GetAsync<LogFindings>("log/entries?kind=revoked")).Entries).Entry.Text);
        Assert.Equal(["stolen", "smells of smoke"], (await silo.GetAsync<LogFindings>("log/entries?kind=revoked,suspended")).Entries.Select(one => one.Entry.Text));
        Assert.Equal("smells of smoke", Assert.Single((await silo.GetAsync<LogFindings>("log/entries?kind=suspended&text=SMOKE")).Entries).Entry.Text);
        Assert.All((await silo.GetAsync<LogFindings>($"log/entries?device={device.Id.Text}")).Entries, one => Assert.Equal(device.Id.Text, one.Entry.Device));
        Assert.All((await silo.GetAsync<LogFindings>("log/entries?by=Admi")).Entries, one => Assert.Equal("admin", one.Entry.Actor));
        var at = all.First(one => one.Kind == "suspended").At;
        Assert.Contains((await silo.GetAsync<LogFindings>($"log/entries?since={at.UtcDateTime:O}&until={at.UtcDateTime:O}")).Entries, one => one.Entry.Text == "smells of smoke");
        Assert.Empty((await silo.GetAsync<LogFindings>($"log/entries?since={at.UtcDateTime.AddHours(2):O}")).Entries);
        foreach (var bad in new[] { "kind=murdered", "limit=0", "limit=1001", "cursor=x", "cursor=1.2.3.4.5.6.7.8.9", "cursor=99999999", $"text={new string('a', 300)}", "since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z" })
            using (var answer = await silo.Operator.GetAsync($"log/entries?{bad}")) Assert.Equal((bad, HttpStatusCode.BadRequest), (bad, answer.StatusCode));

        var auditor = await AuditorAsync(silo);
        Assert.Equal(0, await auditor.RunAsync("log", "show", "--kind", "suspended,revoked", "--by", "admin", "--since", "1h"));
        Assert.Matches("(?s)smells of smoke.*stolen", auditor.Output);
        Assert.DoesNotContain("of many", auditor.Output);
        Assert.Equal(2, await auditor.RunAsync("log", "show", "--since", "whenever"));
    }

    [Fact]
    public async Task A42_A_search_looks_at_so_many_entries_at_once_and_goes_on_where_it_ended()
    {
        await using var silo = await RunningSilo.StartAsync();
        await silo.PostAsync<JoinToken>("enroll/tokens", new JoinTokenRequest(7, 600, true));
        for (var i = 0; i < 21; i++) await FillAsync(silo, 1000);
        var first = await silo.GetAsync<LogFindings>("log/entries?text=made+join+token");
        Assert.Empty(first.Entries);
        Assert.NotNull(first.Back);
        var second = await silo.GetAsync<LogFindings>($"log/entries?text=made+join+token&cursor={first.Next}");
        Assert.Null(second.Next);
        Assert.Single(second.Entries);
    }

    [Fact]
    public async Task Lines_a_crash_kept_from_the_log_are_in_it_after_the_start()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("pump-1");
        var state = (await silo.Silo.Place.Twin(device.Id).ReadAsync(default))!;
        var owed = OwedLines.Pack(OwedLines.Of(state, [new(silo.Silo.Time.GetUtcMillisecond(), EventKind.Alarm, "saved and not logged", TwinEvent.Device)]));
        await silo.RestartAsync(() => Run(silo, "UPDATE twin SET unlogged = @value", owed));
        Assert.Single(await EntriesAsync(silo), one => one.Text == "saved and not logged");
        Assert.True((await silo.Silo.Place.TwinStore.LoadAsync(device.Id, default))!.Unlogged.IsEmpty);
        await silo.RestartAsync();
        Assert.Single(await EntriesAsync(silo), one => one.Text == "saved and not logged");
    }

    [Fact]
    public async Task Without_the_log_nothing_is_acknowledged_a_revocation_is_in_force_all_the_same_and_the_lines_follow()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync("pump-1");
        Define(silo, "CREATE TRIGGER broken BEFORE UPDATE ON record WHEN new.kind = 'log-head' BEGIN SELECT RAISE(ABORT, 'no log today'); END");
        foreach (var (path, body) in new (string, object)[] { ("enroll/tokens", new JoinTokenRequest(1, 600, true)), ("devices/pump-1/revoke", new Decision("stolen")) })
            Assert.Equal("unavailable", (await silo.ProblemAsync(silo.Operator, path, body)).Code);
        // Devices hear of it nevertheless: a revocation does not wait for the log.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await silo.GetAsync<RevocationView>("revocations")).Devices.Count == 0) await silo.Silo.Feed.Events.WaitAsync(silo.Silo.Feed.Events.Last, patience.Token);

        Define(silo, "DROP TRIGGER broken");
        Assert.Equal("revoked", (await silo.PostAsync<DeviceSummary>("devices/pump-1/revoke", new Decision("stolen"))).Standing);
        var revoked = Assert.Single(await EntriesAsync(silo), one => one.Kind == "revoked");
        Assert.Equal(("pump-1", "stolen", 2L), (revoked.Name, revoked.Text, revoked.Version));
        // The act that was cut happened when it was written down, and its line came by itself.
        var tokens = (await silo.GetAsync<List<JoinToken>>("enroll/tokens")).Select(one => $"made join token {one.Id} for {one.Uses} devices").Order().ToList();
        await Eventually.TrueAsync(async () => tokens.SequenceEqual((await EntriesAsync(silo)).Select(one => one.Text).Where(text => text.StartsWith("made join", StringComparison.Ordinal)).Order()), "the line of the token");
        Assert.Single(tokens, one => one.EndsWith(" for 1 devices", StringComparison.Ordinal));
        // The list's line is tried again every few seconds.
        while (!(await EntriesAsync(silo)).Exists(one => one.Kind == "revocation")) patience.Token.ThrowIfCancellationRequested();
        Assert.Equal(0, await (await AuditorAsync(silo)).RunAsync("log", "verify"));
    }

    [Fact]
    public async Task A_silo_whose_log_was_taken_away_does_not_start_another_one()
    {
        await using var silo = await RunningSilo.StartAsync();
        await FillAsync(silo, 5);
        await silo.Process.DisposeAsync();
        Run(silo, "DELETE FROM record WHERE kind = 'log-head'");
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => SiloProcess.StartAsync(silo.Settings, new LogLines(), TimeProvider.System, default));
        Assert.Contains("is gone", refused.Message);
    }

    private static Task FillAsync(RunningSilo silo, int count)
        => silo.Silo.Place.Log.AppendAsync([.. Enumerable.Range(0, count).Select(i => LogBench.Mesh($"line {i} of many"))], default);

    private static async Task<List<LogEntryView>> EntriesAsync(RunningSilo silo)
    {
        var all = new List<LogEntryView>();
        foreach (var log in await silo.GetAsync<List<LogView>>("log"))
            for (var from = 0L; from < log.Size;)
            {
                var page = await silo.GetAsync<LogPage>(string.Create(CultureInfo.InvariantCulture, $"log/{log.Number}/entries?from={from}&limit=1000"));
                all.AddRange(page.Entries);
                from += page.Entries.Count;
            }
        return all;
    }

    private static async Task<CliRun> AuditorAsync(RunningSilo silo)
    {
        var run = new CliRun { ["TRUSTMESH_SILO"] = silo.Process.OperatorAddress.ToString() };
        var code = Path.Combine(run.Home, "code");
        await File.WriteAllTextAsync(code, (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("auditor", "viewer"))).Code);
        Assert.True(await run.RunAsync("sign-in", "--code-file", code) == 0, run.Error);
        return run;
    }

    private static DateTimeOffset Millisecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    private static void Change(RunningSilo silo, string kind, Func<byte[], SqliteConnection, bool> change)
    {
        using var connection = Open(silo);
        using var query = connection.CreateCommand();
        query.CommandText = $"SELECT id, value FROM record WHERE kind = '{kind}'";
        using var row = query.ExecuteReader();
        while (row.Read())
        {
            var value = (byte[])row[1];
            if (!change(value, connection)) continue;
            var id = row.GetString(0);
            row.Close();
            using var update = connection.CreateCommand();
            update.CommandText = $"UPDATE record SET value = @value WHERE kind = '{kind}' AND id = @id";
            update.Parameters.AddWithValue("@value", value);
            update.Parameters.AddWithValue("@id", id);
            Assert.Equal(1, update.ExecuteNonQuery());
            return;
        }
    }

    private static void Run(RunningSilo silo, string sql, byte[]? value = null)
    {
        using var connection = Open(silo);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (value is not null) command.Parameters.AddWithValue("@value", value);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static void Define(RunningSilo silo, string sql)
    {
        using var connection = Open(silo);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(RunningSilo silo)
    {
        silo.OnlyEmbedded("an administrator of SQLite is at work here; what rows of a cluster become is tested in Orleans/Storage");
        var connection = new SqliteConnection($"Data Source={Path.Combine(silo.Settings.State, "silo.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
