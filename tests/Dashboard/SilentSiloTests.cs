using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A silo that takes its time, below the browser.</summary>
public sealed class SilentSiloTests
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task What_is_asked_is_given_up_and_the_next_is_asked_by_another_silo()
    {
        await using var first = new FakeSilo(FakeFleet.Of(2));
        await using var second = new FakeSilo(first.Fleet, first);
        await first.StartAsync();
        await second.StartAsync();
        var token = await TokenAsync(first);
        using var connection = new SiloConnection([first.Address, second.Address], s_short);
        first.Hang();

        var refused = await Assert.ThrowsAsync<SiloException>(() => connection.For(token).MeshAsync(CancellationToken.None));

        Assert.Equal(("unreachable", "The silo does not answer. Check that trustmesh-silo is running, then try again."), (refused.Code, refused.Message));
        Assert.Equal(second.Address, connection.Address);
        // As patient as anybody, so that only silence is given up.
        using var patient = new SiloConnection([second.Address]);
        Assert.Equal("north-works", (await patient.For(token).MeshAsync(CancellationToken.None)).Name);
    }

    [Fact]
    public async Task What_changes_something_is_sent_once_and_never_called_undone()
    {
        await using var first = new FakeSilo(FakeFleet.Of(2, calm: 1));
        await using var second = new FakeSilo(first.Fleet, first);
        await first.StartAsync();
        await second.StartAsync();
        var token = await TokenAsync(first);
        var device = first.Fleet.Devices.Values.First();
        foreach (var cut in new[] { false, true })
        {
            using var connection = new SiloConnection([first.Address, second.Address], cut ? null : s_short);
            first.Hang();
            if (cut)
                first.Cut();

            var refused = await Assert.ThrowsAsync<SiloException>(() => connection.For(token).DecideAsync(device.Id, "suspend", "odd", device.Version, CancellationToken.None));

            Assert.Equal("unreachable", refused.Code);
            Assert.Contains("may have done it all the same", refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal(2, first.Requests.Count(request => request.EndsWith("/suspend", StringComparison.Ordinal)));
        Assert.DoesNotContain(second.Requests, request => request.EndsWith("/suspend", StringComparison.Ordinal));

        // One that was never there did not hear of it.
        using var gone = new SiloConnection([new("http://127.0.0.1:1")]);
        var never = await Assert.ThrowsAsync<SiloException>(() => gone.For(token).DecideAsync(device.Id, "suspend", "odd", device.Version, CancellationToken.None));
        Assert.Contains("then try again", never.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_before_stays_and_is_known_to_be_old_until_the_next_answer()
    {
        Func<string> answer = () => "first";
        using var latest = new Latest<string>(_ => Task.FromResult(answer()), () => { });
        await latest.LoadAsync();
        Assert.Equal(("first", false), (latest.Value, latest.IsOld));

        answer = () => throw new SiloException("unreachable", "silent", null);
        await latest.LoadAsync();
        Assert.Equal(("first", true, null), (latest.Value, latest.IsOld, latest.Problem));

        answer = () => throw new SiloException("forbidden", "not any more", null);
        await latest.LoadAsync();
        Assert.Equal(("forbidden", false), (latest.Problem?.Code, latest.IsOld));

        answer = () => "second";
        await latest.LoadAsync();
        Assert.Equal(("second", false, null), (latest.Value, latest.IsOld, latest.Problem));
    }

    [Fact]
    public async Task The_sign_in_form_does_not_wait_for_it_and_says_what_may_be_missing()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();
        Assert.DoesNotContain("The silo does not answer", await client.GetStringAsync("/sign-in"), StringComparison.Ordinal);
        dashboard.Silo.Hang();

        var form = await client.GetStringAsync("/sign-in");

        Assert.Contains("The silo does not answer, so other ways to sign in may be missing here.", form, StringComparison.Ordinal);
        Assert.Contains("One-time code", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_frame_of_a_page_does_not_wait_for_it()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(1));
        using var client = dashboard.Client();
        await RunningDashboard.SubmitAsync(client, "code-viewer");
        dashboard.Silo.Hang();

        // The silo is given up after 15 seconds, a frame that waited would come then.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(12));
        var frame = await client.GetStringAsync("/enrolment", deadline.Token);

        Assert.Contains("vera", frame, StringComparison.Ordinal);
        Assert.Contains("skeleton", frame, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody is waiting", frame, StringComparison.Ordinal);
    }

    private static async Task<string> TokenAsync(FakeSilo silo)
    {
        using var connection = new SiloConnection([silo.Address]);
        return (await connection.For(null).SignInAsync("code-operator", CancellationToken.None)).Token!;
    }
}
