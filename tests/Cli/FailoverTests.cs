using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Cli;

/// <summary>Several silos of one mesh in <c>--silo</c>: who is asked when one is gone, and what is never asked twice.</summary>
public sealed class FailoverTests
{
    private const string Dead = "http://127.0.0.1:1", First = "http://127.0.0.1:7081/", Second = "http://127.0.0.1:7082/";

    [Fact]
    public async Task With_the_first_silo_dead_sign_in_questions_decisions_and_streams_go_to_the_next()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        var both = $"{Dead},{silo.Process.OperatorAddress}";
        var code = (await silo.PostAsync<OperatorCode>("operators", new OperatorRequest("ana", "admin"))).Code;
        var run = new CliRun { Input = code + "\n", ["TRUSTMESH_SILO"] = both };
        Assert.True(await run.RunAsync("sign-in") == 0, run.Error);
        Assert.True(await run.RunAsync("device", "suspend", "device-1", "--reason", "a test") == 0, run.Error);
        Assert.True(await run.RunAsync("device", "list", "--silo", both) == 0, run.Error);
        Assert.Contains("device-1", run.Output, StringComparison.Ordinal);
        Assert.True(await run.RunAsync("events", "watch", "--count", "1") == 0, run.Error);
        // The list is kept with the session: nothing has to be said the next time.
        run["TRUSTMESH_SILO"] = null;
        Assert.True(await run.RunAsync("mesh", "show") == 0, run.Error);
        Assert.Equal("suspended", Assert.Single((await silo.GetAsync<DevicePage>("devices")).Items).Standing);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.NameResolutionError, true)]
    [InlineData(HttpRequestError.ResponseEnded, false)]
    [InlineData(HttpRequestError.Unknown, false)]
    [InlineData(HttpRequestError.SecureConnectionError, false)]
    public async Task What_changes_something_is_asked_of_the_next_only_if_the_first_never_heard_of_it(HttpRequestError lost, bool goesOn)
    {
        var canned = new CannedSilo().Answer("POST devices/x/suspend", 409, "");
        var outage = new Outage(canned, lost);
        var run = await new CliRun(outage) { ["TRUSTMESH_SILO"] = First + "," + Second }.SignedInAsync();
        outage.Begins();
        Assert.Equal(goesOn ? 5 : 1, await run.RunAsync("device", "suspend", "x", "--reason", "a test"));
        Assert.Equal(goesOn ? [First, Second] : [First], outage.Asked);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.ResponseEnded, true)]
    [InlineData(HttpRequestError.Unknown, true)]
    // Somebody has to see that: it may be somebody in between.
    [InlineData(HttpRequestError.SecureConnectionError, false)]
    public async Task A_question_is_asked_of_the_next_whatever_was_lost_on_the_way(HttpRequestError lost, bool goesOn)
    {
        var outage = new Outage(new CannedSilo().Answer("GET devices?limit=1000", 200, """{"items":[],"next":null,"total":0}"""), lost);
        var run = await new CliRun(outage) { ["TRUSTMESH_SILO"] = First + "," + Second }.SignedInAsync();
        outage.Begins();
        Assert.Equal(goesOn ? 0 : 1, await run.RunAsync("device", "list"));
        Assert.Equal(goesOn ? [First, Second] : [First], outage.Asked);
    }

    [Fact]
    public async Task When_none_answers_all_are_named()
    {
        var run = new CliRun { Input = "code\n", ["TRUSTMESH_SILO"] = $"{Dead},http://127.0.0.1:2" };
        Assert.Equal(1, await run.RunAsync("sign-in"));
        Assert.Contains("No silo answers at http://127.0.0.1:1/,http://127.0.0.1:2/", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_goes_to_no_silo_that_was_not_listed_when_it_was_given()
    {
        var canned = new CannedSilo();
        var run = await new CliRun(canned) { ["TRUSTMESH_SILO"] = First + "," + Second }.SignedInAsync();
        var before = canned.Seen.Count;
        Assert.Equal(4, await run.RunAsync("device", "list", "--silo", First + ",http://127.0.0.1:7083"));
        Assert.Equal(before, canned.Seen.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1,", "is not the address of a silo")]
    [InlineData("http://127.0.0.1:1,http://127.0.0.1:1/", "has an address twice")]
    [InlineData("http://127.0.0.1:1,http://silo.example", "would carry the session token unencrypted")]
    [InlineData("http://127.0.0.1:1,http://127.0.0.1:2,http://127.0.0.1:3,http://127.0.0.1:4,http://127.0.0.1:5,http://127.0.0.1:6,http://127.0.0.1:7,http://127.0.0.1:8,http://127.0.0.1:9", "Give at most 8")]
    public async Task A_wrong_list_is_wrong_usage(string silos, string said)
    {
        var run = new CliRun(new CannedSilo());
        Assert.Equal(2, await run.RunAsync("device", "list", "--silo", silos));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_the_next_silo_have_other_numbers_and_are_told_once()
    {
        static string Line(long number, int minute, string text)
            => $$"""id: {{number}}{{"\n"}}event: event{{"\n"}}data: {"sequence":{{number}},"at":"2026-01-02T03:0{{minute}}:00Z","device":null,"name":null,"kind":"policy","text":"{{text}}","actor":"ana"}{{"\n\n"}}""";
        var canned = new CannedSilo().Answer("GET events?after=0", 200, Line(900, 1, "one") + Line(901, 2, "two"), "text/event-stream")
            .Answer("GET events?after=901", 200, Line(50, 1, "one") + Line(51, 2, "two") + Line(52, 3, "three"), "text/event-stream");
        var run = await new CliRun(canned).SignedInAsync();
        Assert.True(await run.RunAsync("events", "watch", "--count", "3") == 0, run.Error);
        Assert.Equal(["one", "two", "three"], run.Output.TrimEnd('\n').Split('\n').Select(line => line.Split("  ")[^1].Trim().Split(' ')[^2]));
    }

    /// <summary>The first silo goes away, in one of the ways there are.</summary>
    private sealed class Outage(HttpMessageHandler silo, HttpRequestError how) : DelegatingHandler(silo)
    {
        private bool begun;

        public List<string> Asked { get; } = [];

        public void Begins() => begun = true;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            if (!begun) return base.SendAsync(request, ct);
            var address = request.RequestUri!.GetLeftPart(UriPartial.Authority) + "/";
            Asked.Add(address);
            return address == First ? throw new HttpRequestException(how, "lost") : base.SendAsync(request, ct);
        }

        // One handler answers for many clients; the command disposes each.
        protected override void Dispose(bool disposing) { }
    }
}
