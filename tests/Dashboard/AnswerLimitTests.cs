using TrustMesh.Cli;
using TrustMesh.Cli.Api;
using TrustMesh.Contracts.Snapshots;
using TrustMesh.Dashboard.Silo;
using EventStream = TrustMesh.Dashboard.Silo.EventStream;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A silo that sends without an end takes nobody down who asks it.</summary>
public sealed class AnswerLimitTests
{
    /// <summary>What lies between two ends of a connection, in their buffers.</summary>
    private const int Underway = 16 * 1024 * 1024;

    private static readonly Dictionary<string, (Func<SiloClient, CancellationToken, Task> Ask, int Most)> s_answers = new()
    {
        ["mesh"] = ((silo, stop) => silo.MeshAsync(stop), 16 * 1024 * 1024),
        ["authority"] = ((silo, stop) => silo.AuthorityAsync(stop), 64 * 1024),
        ["history"] = ((silo, stop) => silo.HistoryAsync(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, stop), 96 * 1024 * 1024),
        ["graph"] = ((silo, stop) => silo.GraphAsync(stop), SnapshotFormat.MostBytes),
    };

    [Theory]
    [InlineData("mesh"), InlineData("authority"), InlineData("history"), InlineData("graph")]
    public async Task A42_An_answer_that_never_ends_is_let_go_at_its_limit(string answer)
    {
        await using var endless = new EndlessSilo("200 OK", "application/json", "\"");
        using var connection = new SiloConnection([endless.Address]);
        var (ask, most) = s_answers[answer];
        var refused = await Assert.ThrowsAsync<SiloException>(() => ask(connection.For("token"), TestContext.Current.CancellationToken));
        Assert.Equal(("unavailable", "The silo sends more than any answer has. Check that trustmesh-silo is what answers there."), (refused.Code, refused.Message));
        Assert.InRange(endless.Sent, 0, most + Underway);
    }

    [Fact]
    public async Task A42_A_refusal_that_never_ends_is_let_go()
    {
        await using var endless = new EndlessSilo("500 No", "application/problem+json", "{\"title\":\"");
        using var connection = new SiloConnection([endless.Address]);
        Assert.Equal("unavailable", (await Assert.ThrowsAsync<SiloException>(() => connection.For("token").MeshAsync(TestContext.Current.CancellationToken))).Code);
        Assert.InRange(endless.Sent, 0, Underway);
    }

    [Fact]
    public async Task A42_A_line_of_a_feed_that_never_ends_is_let_go()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var endless = new EndlessSilo("200 OK", "text/event-stream", "event: delta\ndata: ");
        using var connection = new SiloConnection([endless.Address]);
        using var answer = await connection.For("token").OpenAsync("graph/feed?after=0", stop);
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        await Assert.ThrowsAsync<IOException>(async () => await EventStream.ReadAsync(stream, stop).GetAsyncEnumerator(stop).MoveNextAsync());
        Assert.InRange(endless.Sent, 0, 64 * 1024 * 1024 + Underway);
    }

    [Fact]
    public async Task A42_The_shell_lets_go_of_answers_and_lines_that_never_end()
    {
        var stop = TestContext.Current.CancellationToken;
        await using (var endless = new EndlessSilo("200 OK", "application/json", "\""))
        {
            using var api = new SiloApi(SiloAddresses.Parse(endless.Address.ToString()), "token", new SocketsHttpHandler());
            Assert.Contains("sends more than any answer of a silo has", (await Assert.ThrowsAsync<CommandFailure>(() => api.MeshAsync(stop))).Message, StringComparison.Ordinal);
            Assert.InRange(endless.Sent, 0, SnapshotFormat.MostBytes + Underway);
        }
        await using (var endless = new EndlessSilo("200 OK", "text/event-stream", "data: "))
        {
            using var api = new SiloApi(SiloAddresses.Parse(endless.Address.ToString()), "token", new SocketsHttpHandler());
            using var reader = new StreamReader(await api.OpenStreamAsync("events", stop));
            await Assert.ThrowsAsync<IOException>(async () => await reader.ReadLineAsync(stop));
            Assert.InRange(endless.Sent, 0, 64 * 1024 * 1024 + Underway);
        }
    }
}
