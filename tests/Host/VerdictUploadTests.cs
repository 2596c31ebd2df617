using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Trust.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Host;

public class VerdictUploadTests
{
    [Fact]
    public async Task Verdicts_of_proven_devices_are_drawn_listed_and_shown_both_ways()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var a = await ProvenAsync(silo, "sensor-1");
        using var b = await ProvenAsync(silo, "sensor-2");
        var (of, back) = (new TestExaminer(a), new TestExaminer(b));
        of.Judge(b.Id);
        of.Judge(b.Id, TrustTier.Contraindicated);
        back.Judge(a.Id);
        Assert.Equal(3, await of.UploadAsync());
        Assert.Equal(2, await back.UploadAsync());

        var graph = await silo.GetAsync<GraphSnapshot>("graph");
        Assert.Equal("contraindicated", Assert.Single(graph.Edges, edge => edge.From == a.Id.Text && edge.To == b.Id.Text).Status);
        Assert.Equal("affirming", Assert.Single(graph.Edges, edge => edge.From == b.Id.Text && edge.To == a.Id.Text).Status);

        var list = await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges");
        Assert.Equal(["sensor-1 sensor-2 contraindicated", "sensor-2 sensor-1 affirming"], list.Select(edge => $"{edge.FromName} {edge.ToName} {edge.Status}"));
        Assert.Equal(list, await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges?device=sensor-1"));

        var edge = await silo.GetAsync<EdgeDetail>("edges/sensor-1/sensor-2");
        var side = edge.Forward!;
        Assert.Equal(("sensor-1", "sensor-2", "contraindicated", "tpm-quote", true, false), (side.FromName, side.ToName, side.Status, side.Tier, side.Fresh, side.Doubted));
        Assert.Equal(("default", 3L, 4L, 5L, 120L, 30), (side.Policy, side.PolicyVersion, side.ReferenceVersion, side.RevocationSerial, side.NonceAgeMs, side.Passed));
        Assert.Equal(("file.digest", "/etc/sensor.conf"), (side.Because[0].Check, side.Because[0].Claim));
        Assert.Equal(["2 contraindicated /etc/sensor.conf: expected sha256 aa, got sha256 bb", "1 affirming "], side.Rounds.Select(round => $"{round.Sequence} {round.Status} {round.Reason}"));
        Assert.Equal("affirming", edge.Back!.Status);

        var timeline = (await silo.GetAsync<DeviceDetail>("devices/sensor-2")).Timeline;
        Assert.Equal("sensor-1 judges: contraindicated: /etc/sensor.conf: expected sha256 aa, got sha256 bb", Assert.Single(timeline, line => line.Kind == "peer").Text);
    }

    [Fact]
    public async Task Edges_are_found_by_the_query_at_either_end_and_by_how_their_verdict_looks()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var a = await ProvenAsync(silo, "sensor-1");
        using var b = await ProvenAsync(silo, "sensor-2");
        using var c = await ProvenAsync(silo, "camera-1");
        foreach (var (from, to, status) in new[] { (a, b, TrustTier.Contraindicated), (b, a, TrustTier.Affirming), (c, a, TrustTier.Affirming) })
        {
            var examiner = new TestExaminer(from);
            examiner.Judge(to.Id, status);
            await examiner.UploadAsync();
        }
        var nodes = (await silo.GetAsync<GraphSnapshot>("graph")).Nodes.ToDictionary(node => node.Id);
        var all = await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges");
        foreach (var (query, looks, expected) in new[]
        {
            ("", "", "camera-1>sensor-1 sensor-1>sensor-2 sensor-2>sensor-1"), ("name:camera*", "", "camera-1>sensor-1"), ("-name:sensor*", "", "camera-1>sensor-1"), ("name:sensor-2", "", "sensor-1>sensor-2 sensor-2>sensor-1"),
            ("", "contraindicated", "sensor-1>sensor-2"), ("name:sensor-2", "trusted", "sensor-2>sensor-1"), ("", "trusted,contraindicated", "camera-1>sensor-1 sensor-1>sensor-2 sensor-2>sensor-1"),
            ("name:nobody", "", ""), ("site:lab", "stale", ""),
        })
        {
            Assert.Equal(expected, Names(await silo.GetAsync<IReadOnlyList<PeerEdge>>(EdgeQuery.Path(null, query, looks))));
            // The dashboard's table has the graph and every edge, and finds the same among them.
            Assert.True(EdgeQuery.TryParse(query, looks, out var asked, out _));
            Assert.Equal(expected, Names(asked.Of(all, id => DeviceFacts.Of(nodes[id]), DateTimeOffset.UtcNow)));
        }
        // In pages the same, one after the other, of whatever is asked.
        foreach (var (query, device) in new[] { ("", null), ("name:sensor-2", null), ("", "sensor-1") })
        {
            var whole = await silo.GetAsync<IReadOnlyList<PeerEdge>>(EdgeQuery.Path(device, query));
            var (paged, cursor) = (new List<PeerEdge>(), (string?)null);
            do
            {
                var page = await silo.GetAsync<EdgePage>(EdgeQuery.Path(device, query, null, 1, cursor));
                Assert.Equal((1, whole.Count), (page.Items.Count, page.Total));
                paged.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null);
            Assert.Equal(whole, paged);
        }
        Assert.Empty(await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges?device=camera-1&q=name:sensor-2"));
        Assert.Equal("camera-1>sensor-1", Names(await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges?device=camera-1&q=name:sensor-1")));
        foreach (var (wrong, why) in new[] { ("q=sit%3Aoslo", "Character 1: unknown field \"sit\""), ("look=revoked", "look must be one or more of"), ("limit=0", "limit must be 1 to 10000"), ("limit=10001", "limit must be 1 to 10000"), ($"cursor={new string('a', 2_000)}", "cursor is at most 1024"), ($"q={new string('a', 5_000)}", "at most 1024 characters") })
        {
            using var refused = await silo.Operator.GetAsync($"edges?{wrong}");
            var problem = await refused.Content.ReadFromJsonAsync<Problem>();
            Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (refused.StatusCode, problem!.Code));
            Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
        }

        static string Names(IEnumerable<PeerEdge> edges) => string.Join(' ', edges.Select(edge => $"{edge.FromName}>{edge.ToName}"));
    }

    [Fact]
    public async Task More_edges_than_one_answer_has_room_for_go_on_in_pages_and_none_is_twice_or_left_out()
    {
        await using var silo = await RunningSilo.StartAsync();
        silo.OnlyEmbedded("what is listed is this silo's own memory, wherever rows are");
        var now = DateTimeOffset.UtcNow;
        // A name that begins as another one, with what comes before a letter.
        var devices = Enumerable.Range(0, 320).Select(number => (Id: DeviceId.FromRootKey(BitConverter.GetBytes(number)), Name: number % 3 == 0 ? "press" : number % 3 == 1 ? "press A" : $"press-{number}")).ToList();
        foreach (var (id, name) in devices)
            silo.Silo.Directory.Put(new(id, name, "oslo", "press", AssuranceTier.Software, Standing.Active, TrustTier.Affirming, now, now.AddHours(1), now, null, 1));
        foreach (var (from, _) in devices)
            silo.Silo.Edges.Put(from, 1, false, [.. devices.Where(to => to.Id != from).Select(to => new EdgeEntry(from, to.Id, TrustTier.Affirming, AssuranceTier.Software, 1, now, now.AddHours(1), now, ""))]);
        using var answer = await silo.Operator.GetAsync("edges");
        var edges = (await answer.Content.ReadFromJsonAsync<List<PeerEdge>>())!;
        Assert.Equal(EdgeQuery.MostWhole, edges.Count);
        var next = Assert.Single(answer.Headers.GetValues("Link"));
        Assert.Matches("^</api/v1/edges\\?limit=10000&cursor=[^>]+>; rel=\"next\"$", next);
        var rest = await silo.GetAsync<EdgePage>(next[1..next.IndexOf('>')]["/api/v1/".Length..]);
        Assert.Equal((320 * 319 - EdgeQuery.MostWhole, null, 320 * 319), (rest.Items.Count, rest.Next, rest.Total));
        Assert.Equal(320 * 319, edges.Concat(rest.Items).Select(edge => (edge.From, edge.To)).Distinct().Count());
        var all = await EdgePages.AllAsync(null, null, null, path => silo.GetAsync<EdgePage>(path));
        Assert.Equal(edges.Concat(rest.Items), all!);
        var names = new List<string>();
        string? cursor = null;
        do
        {
            var page = await silo.GetAsync<DevicePage>($"devices?limit=7{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            names.AddRange(page.Items.Select(one => one.Id));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal((320, 320), (names.Count, names.Distinct().Count()));
    }

    [Fact]
    public async Task Devices_that_said_nothing_about_each_other_have_no_edge()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var a = await silo.JoinAsync("a");
        using var b = await silo.JoinAsync("b");
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Operator.GetAsync("edges/a/b")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Operator.GetAsync("edges/a/nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Operator.GetAsync("edges?device=nobody")).StatusCode);
        Assert.Empty(await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges"));
    }

    [Fact]
    public async Task A37_Who_has_not_proven_itself_on_this_connection_is_not_heard()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var a = await ProvenAsync(silo, "a");
        using var b = await silo.JoinAsync("b");
        var examiner = new TestExaminer(a);
        examiner.Judge(b.Id);
        await a.ConnectAsync(silo.Devices);
        var answer = await examiner.SendAsync(examiner.Kept);
        Assert.Equal((HttpStatusCode.Forbidden, "not_proven"), (answer.Status, answer.Code));
        await a.ProveAsync();
        Assert.Equal(2, await examiner.UploadAsync());
    }

    [Fact]
    public async Task A36_Nobody_uploads_the_word_of_another()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var a = await ProvenAsync(silo, "a");
        using var b = await ProvenAsync(silo, "b");
        var (of, liar) = (new TestExaminer(a), new TestExaminer(b));
        of.Judge(b.Id, TrustTier.Contraindicated);
        // With the voucher of whose word it is, and with the liar's own.
        var stolen = await b.PostAsync("/device/v1/verdicts", new VerdictUpload(0, [of.Vouch()], [new(0, of.Kept[0])]).Encode());
        Assert.Equal("evidence_refused", stolen.Code);
        Assert.Equal("evidence_refused", (await liar.SendAsync(of.Kept)).Code);
        Assert.Empty(await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges"));
    }

    [Fact]
    public async Task A_bad_verdict_refuses_the_upload_and_what_came_before_it_stays()
    {
        var log = new LogLines();
        await using var silo = await RunningSilo.StartAsync(loggers: log);
        using var a = await ProvenAsync(silo, "a");
        using var b = await silo.JoinAsync("b");
        var examiner = new TestExaminer(a);
        examiner.Judge(b.Id);
        examiner.Judge(b.Id);
        examiner.Judge(b.Id, change: verdict => verdict with { IssuedAt = verdict.IssuedAt + 3600, ExpiresAt = verdict.ExpiresAt + 3600 });
        examiner.Judge(b.Id);
        var answer = await examiner.SendAsync(examiner.Kept);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "evidence_refused"), (answer.Status, answer.Code));
        Assert.Contains(log.All, line => line.Contains("refused at verdicts (evidence_refused): verdict.dates", StringComparison.Ordinal));
        Assert.StartsWith("verdicts on peers refused: verdict.dates", Assert.Single((await silo.GetAsync<DeviceDetail>("devices/a")).Timeline, line => line.Kind == "refused").Text, StringComparison.Ordinal);
        Assert.Equal([2L, 1L], (await silo.GetAsync<EdgeDetail>("edges/a/b")).Forward!.Rounds.Select(round => round.Sequence));
        // An upload without verdicts asks where the silo is; then the device leaves the bad one out and says so.
        Assert.Equal(3, VerdictReceipt.Decode((await examiner.SendAsync()).Body).Next);
        examiner.Kept.RemoveRange(0, 3);
        examiner.Dropped = 1;
        Assert.Equal(5, await examiner.UploadAsync());
        Assert.Equal("1 verdict was dropped on the device: 3", Assert.Single((await silo.GetAsync<DeviceDetail>("devices/a")).Timeline, line => line.Kind == "peer").Text);
    }

    [Fact]
    public async Task A42_Uploads_are_capped_and_limited()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = settings.Limits with { DeviceRate = 2 } });
        using var a = await ProvenAsync(silo, "a");
        // Announced and not sent: the silo closes without reading such a body, and a client that writes on may see that first.
        Assert.Contains("too_large", await a.SendRawAsync($"POST /device/v1/verdicts HTTP/1.1\r\nHost: x\r\nContent-Length: {Caps.VerdictUpload + 1}\r\n\r\n").WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
        await a.ConnectAsync(silo.Devices);
        Assert.Equal("not_proven", (await a.PostAsync("/device/v1/verdicts", [])).Code);
        Assert.Equal(HttpStatusCode.OK, (await a.SendEvidenceAsync(a.Prove(await a.ChallengeAsync()))).Status);
        var codes = new List<string>();
        for (var i = 0; i < 6; i++) codes.Add((await a.PostAsync("/device/v1/verdicts", [0xff])).Code);
        Assert.Equal(["busy", "malformed"], codes.Distinct().Order());
    }

    [Fact]
    public async Task A36_Enough_peers_suspend_a_device_and_it_learns_so_with_its_next_proof()
    {
        await using var silo = await RunningSilo.StartAsync();
        await silo.Operator.PutAsJsonAsync("policy", new PolicyUpdate(Quorum: 2));
        using var subject = await ProvenAsync(silo, "subject");
        var accusers = new List<TestDevice>();
        for (var i = 0; i < 2; i++)
        {
            var peer = await ProvenAsync(silo, $"peer-{i}");
            accusers.Add(peer);
            var examiner = new TestExaminer(peer);
            examiner.Judge(subject.Id, TrustTier.Contraindicated);
            Assert.Equal("active", (await silo.GetAsync<DeviceDetail>("devices/subject")).Device.Standing);
            await examiner.UploadAsync();
        }
        var detail = await silo.GetAsync<DeviceDetail>("devices/subject");
        Assert.Equal("suspended", detail.Device.Standing);
        Assert.Equal("peers", Assert.Single(detail.Timeline, line => line.Kind == "suspended").Actor);
        Assert.Equal(Standing.Suspended, (await subject.ProveAsync()).Standing);
        foreach (var peer in accusers) peer.Dispose();
    }

    [Fact]
    public async Task Edges_survive_a_restart_and_one_bad_row_isolates_its_issuer_only()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var a = await ProvenAsync(silo, "a");
        using var b = await ProvenAsync(silo, "b");
        var (first, second) = (new TestExaminer(a), new TestExaminer(b));
        first.Judge(b.Id);
        second.Judge(a.Id);
        await first.UploadAsync();
        await second.UploadAsync();
        await silo.ReplaceAsync("peers", a.Id.Text, [0, 255]);
        await silo.RestartAsync();
        Assert.Equal("b", Assert.Single(await silo.GetAsync<IReadOnlyList<PeerEdge>>("edges")).FromName);
        await a.ConnectAsync(silo.Devices);
        await b.ConnectAsync(silo.Devices);
        await a.ProveAsync();
        await b.ProveAsync();
        first.Judge(b.Id);
        Assert.Equal("unavailable", (await first.SendAsync(first.Kept)).Code);
        second.Judge(a.Id);
        Assert.Equal(3, await second.UploadAsync());
        Assert.Equal(HttpStatusCode.OK, (await silo.Operator.GetAsync("edges/a/b")).StatusCode);
        using var c = await silo.JoinAsync("c");
        var unreadable = await silo.Operator.GetAsync("edges/a/c");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unreadable.StatusCode);
        Assert.Contains("Restore the row from a backup", await unreadable.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<TestDevice> ProvenAsync(RunningSilo silo, string name)
    {
        var device = await silo.JoinAsync(name);
        await device.ProveAsync();
        return device;
    }
}
