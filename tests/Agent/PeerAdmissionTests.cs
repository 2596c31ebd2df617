using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Admission;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

/// <summary>From what a device holds true about its peers to its doors.</summary>
public sealed class PeerAdmissionTests : IAsyncDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly ManualTime time = new();
    private readonly PeerBook book = new();
    private readonly RecordedAdmission doors = new();
    private readonly StringWriter log = new();
    private readonly CancellationTokenSource stop = new();
    private PeerAdmission? admission;
    private Task running = Task.CompletedTask;

    [Fact]
    public async Task Lets_in_who_is_accepted_puts_out_who_is_not_and_does_nothing_twice()
    {
        await RunAsync();
        var peer = book.Put(SomePeer.Named("a").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        await CalledAsync("admit 10.0.0.5 300");
        book.Put(peer);
        book.Put(SomePeer.Named("b", "10.0.0.6:7444"));
        time.Advance(TimeSpan.FromMinutes(1));
        book.Put(peer.Judged(TrustTier.Warning, time.GetUtcNow(), Lifetime));
        await CalledAsync("admit 10.0.0.5 300", times: 2);
        book.Put(peer.Judged(TrustTier.Contraindicated, time.GetUtcNow(), Lifetime));
        await CalledAsync("expel 10.0.0.5");
        Assert.Equal(["admit 10.0.0.5 300", "admit 10.0.0.5 300", "expel 10.0.0.5"], doors.Calls.Where(call => call.Contains("10.0.0.5", StringComparison.Ordinal) && !call.StartsWith("reach", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A49_Silence_ends_a_peers_stay_without_anybody_saying_so()
    {
        await RunAsync();
        book.Put(SomePeer.Named("a").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        await CalledAsync("admit 10.0.0.5 300");
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(5)); return doors.Calls.Contains("expel 10.0.0.5"); }, "the peer to be out");
    }

    [Fact]
    public async Task Doors_that_somebody_opened_are_closed_again_with_everyone_in_for_the_time_that_is_left()
    {
        await RunAsync();
        book.Put(SomePeer.Named("a").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        await CalledAsync("admit 10.0.0.5 300");
        await CalledAsync("reach 10.0.0.5:7444 192.0.2.1:7443");
        doors.Stands = false;
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(2)); return doors.Calls.Count(call => call == "close") == 2; }, "the doors to be closed again");
        await Eventually.TrueAsync(() => doors.Calls.Count(call => call.StartsWith("admit", StringComparison.Ordinal)) == 2, "the peer to be in again");
        Assert.InRange(int.Parse(doors.Calls.Last(call => call.StartsWith("admit", StringComparison.Ordinal)).Split(' ')[2]), 200, 299);
        Assert.Equal(2, doors.Calls.Count(call => call == "reach 10.0.0.5:7444 192.0.2.1:7443"));
        Assert.Contains("took the agent's firewall rules away", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doors_that_somebody_opened_are_closed_again_however_often_peers_are_judged()
    {
        await RunAsync();
        var peer = book.Put(SomePeer.Named("a").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        await CalledAsync("admit 10.0.0.5 300");
        doors.Stands = false;
        // The bell rings before every pause is over.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            book.Put(peer.Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
            return doors.Calls.Count(call => call == "close") == 2;
        }, "the doors to be closed again");
    }

    [Theory]
    [InlineData("admit")]
    [InlineData("expel")]
    [InlineData("reach")]
    public async Task What_fails_is_made_good_and_told(string call)
    {
        await RunAsync();
        await CalledAsync("reach 192.0.2.1:7443");
        doors.FailOnce = call;
        var peer = book.Put(SomePeer.Named("a").Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime));
        if (call == "expel")
        {
            await CalledAsync("admit 10.0.0.5 300");
            book.Put(peer.Judged(TrustTier.Contraindicated, time.GetUtcNow(), Lifetime));
        }
        await Eventually.TrueAsync(() => log.ToString().Contains("out of order", StringComparison.Ordinal), "the failure to be told");
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return doors.Calls.Any(one => one.StartsWith(call + " 10.0.0.5", StringComparison.Ordinal)); }, "it to be made good");
    }

    [Fact]
    public async Task Doors_that_can_not_be_closed_stop_the_start()
    {
        doors.FailOnce = "close";
        admission = new(doors, book, [new("https://192.0.2.1:7443")], time, NoLog());
        await Assert.ThrowsAsync<IOException>(() => admission.StartAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_device_reaches_every_silo_it_may_have_to_go_on_to()
    {
        await RunAsync("https://192.0.2.1:7443 https://192.0.2.2:7443 https://silo.example:7000", (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.3")]));
        await CalledAsync("reach 192.0.2.1:7443 192.0.2.2:7443 192.0.2.3:7000");
    }

    [Fact]
    public async Task The_device_reaches_its_silo_and_assigned_peers_and_not_what_a_stranger_names()
    {
        book.Put(SomePeer.Named("met", "10.0.0.99:7444") with { Assigned = false });
        book.Put(SomePeer.Named("b", "[fd00::5]:7444"));
        await RunAsync("https://silo.example:7443", (host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(host == "silo.example" ? "192.0.2.7" : "192.0.2.8")]));
        await CalledAsync("reach 192.0.2.7:7443 [fd00::5]:7444");
        await admission!.VisitAsync("10.0.0.50", CancellationToken.None);
        Assert.Contains("reach 10.0.0.50:7444 192.0.2.7:7443 [fd00::5]:7444", doors.Calls);
        await admission.VisitAsync("not an address", CancellationToken.None);
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(10)); return doors.Calls.Count(call => call == "reach 192.0.2.7:7443 [fd00::5]:7444") == 2; }, "the visit to be over");
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_keeps_nobody_in_and_loses_no_address_that_was_known()
    {
        var asked = 0;
        await RunAsync("https://silo.example:7443", async (_, end) =>
        {
            if (Interlocked.Increment(ref asked) == 1) return [IPAddress.Parse("192.0.2.7")];
            if (asked == 2) throw new SocketException((int)SocketError.HostNotFound);
            await Task.Delay(Timeout.Infinite, end);
            return [];
        });
        await CalledAsync("reach 192.0.2.7:7443");
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(10)); return Volatile.Read(ref asked) >= 3; }, "the resolver to hang");
        var peer = book.Put(SomePeer.Named("a") with { Addresses = [], SeenAt = IPAddress.Parse("10.0.0.5") });
        book.Put(peer.Judged(TrustTier.Affirming, time.GetUtcNow(), Lifetime, "10.0.0.5"));
        await CalledAsync("admit 10.0.0.5 300");
        book.Put(peer.Judged(TrustTier.Contraindicated, time.GetUtcNow(), Lifetime, "10.0.0.5"));
        await CalledAsync("expel 10.0.0.5");
        Assert.Single(doors.Calls, call => call.StartsWith("reach 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_a_real_kernel_a_verdict_lets_a_peer_in_and_another_puts_it_out()
    {
        await using var closed = await ClosedDevice.CreateAsync();
        admission = new(closed.Admission, book, [new("https://10.77.0.3:7443")], TimeProvider.System, NoLog());
        await admission.StartAsync(CancellationToken.None);
        running = admission.RunAsync(stop.Token);
        var peer = book.Put(SomePeer.Named("a").Judged(TrustTier.Affirming, DateTimeOffset.UtcNow, Lifetime, "10.77.0.2"));
        Socket? flow = null;
        await Eventually.TrueAsync(() => (flow = ClosedDevice.ConnectAsync(closed.Peer, ClosedDevice.DeviceAddress, ClosedDevice.Application).GetAwaiter().GetResult()) is not null, "the peer to be in");
        // Somebody else's firewall takes the table away; the doors are closed and the peer is in again.
        closed.Device.Run("nft", "flush", "ruleset");
        Assert.True(await ClosedDevice.ReachesAsync(closed.Stranger, ClosedDevice.DeviceAddress, ClosedDevice.Application));
        await Eventually.TrueAsync(() => !ClosedDevice.ReachesAsync(closed.Stranger, ClosedDevice.DeviceAddress, ClosedDevice.Application).GetAwaiter().GetResult(), "the doors to be closed again");
        await Eventually.TrueAsync(() => ClosedDevice.EchoesAsync(flow!).GetAwaiter().GetResult(), "the peer to be in again");
        book.Put(peer.Judged(TrustTier.Contraindicated, DateTimeOffset.UtcNow, Lifetime, "10.77.0.2"));
        await Eventually.TrueAsync(() => !ClosedDevice.EchoesAsync(flow!).GetAwaiter().GetResult(), "the flow to be cut");
        flow!.Dispose();
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        admission?.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync(string silo = "https://192.0.2.1:7443", Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        admission = new(doors, book, [.. silo.Split(' ').Select(one => new Uri(one))], time, NoLog(), resolve);
        await admission.StartAsync(CancellationToken.None);
        running = admission.RunAsync(stop.Token);
    }

    private Journal NoLog() => new(TextWriter.Synchronized(log), true, LogLevel.Debug, TimeProvider.System);

    private Task CalledAsync(string call, int times = 1) => Eventually.TrueAsync(() => doors.Calls.Count(one => one == call) >= times, $"{call}; it was {string.Join("; ", doors.Calls)}");
}
