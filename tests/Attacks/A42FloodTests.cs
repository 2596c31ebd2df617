using System.Net;
using System.Net.Sockets;
using TrustMesh.Host.Device;
using TrustMesh.Host.Settings;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A42FloodTests
{
    [Theory]
    [InlineData("/device/v1/enrol", Caps.EnrolRequest)]
    [InlineData("/device/v1/enrol/activate", Caps.Body)]
    [InlineData("/device/v1/challenge", Caps.Body)]
    public async Task A42_A_body_one_byte_over_its_cap_is_too_large(string path, int cap)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        Assert.Equal("malformed", (await device.PostAsync(path, new byte[cap])).Code);
        Assert.Contains("too_large", await AnnounceAsync(device, path, cap + 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A42_Evidence_over_its_cap_is_too_large_and_the_silo_goes_on()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ChallengeAsync();
        Assert.Contains("too_large", await AnnounceAsync(device, "/device/v1/evidence", Caps.Evidence + 1), StringComparison.Ordinal);
        await device.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
    }

    [Fact]
    public async Task A42_One_device_that_asks_without_end_is_told_to_wait_and_others_are_served()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new LimitSettings(DeviceRate: 2) });
        using var loud = await silo.JoinAsync("loud");
        using var quiet = await silo.JoinAsync("quiet");
        var codes = new List<string>();
        for (var i = 0; i < 50; i++) codes.Add((await loud.PostAsync("/device/v1/challenge", new ChallengeRequest(loud.Id).Encode())).Code);
        Assert.Contains("busy", codes);
        Assert.Equal(Standing.Active, (await quiet.ProveAsync()).Standing);
    }

    [Fact]
    public async Task A42_More_connections_than_an_address_may_hold_are_closed()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new LimitSettings(ConnectionsPerSource: 2) });
        using var first = new TestDevice("one");
        using var second = new TestDevice("two");
        using var third = new TestDevice("three");
        await first.ConnectAsync(silo.Devices);
        await second.ConnectAsync(silo.Devices);
        await Assert.ThrowsAnyAsync<Exception>(() => third.ConnectAsync(silo.Devices));
        Assert.Equal("not_enrolled", (await first.PostAsync("/device/v1/challenge", new ChallengeRequest(first.Id).Encode())).Code);
    }

    [Fact]
    public async Task A42_An_address_that_asks_without_end_is_told_to_wait()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new LimitSettings(SourceRate: 5) });
        using var device = new TestDevice("device-1");
        await device.ConnectAsync(silo.Devices);
        var codes = new List<string>();
        for (var i = 0; i < 100; i++) codes.Add((await device.PostAsync("/device/v1/challenge", new ChallengeRequest(device.Id).Encode())).Code);
        Assert.Contains("busy", codes);
        Assert.Equal("not_enrolled", codes[0]);
    }

    [Fact]
    public async Task A42_A_body_that_trickles_is_cut()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ChallengeAsync();
        // A thousand bytes are announced, one comes: the silo ends it, long before this test would.
        var answer = await device.SendRawAsync("POST /device/v1/evidence HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Matches("^$|^HTTP/1.1 4", answer);
        await device.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
    }

    [Fact]
    public async Task A42_Bytes_that_are_no_TLS_disturb_nobody()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        for (var i = 0; i < 20; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, silo.Devices.Port);
            await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        }
        Assert.Equal(Standing.Active, (await device.ProveAsync()).Standing);
    }

    [Fact]
    public async Task A42_Devices_that_wait_for_an_operator_are_not_without_number()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new LimitSettings(PendingDevices: 2) });
        var token = await silo.JoinTokenAsync(autoApprove: false);
        var codes = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            using var device = new TestDevice($"device-{i}");
            await device.ConnectAsync(silo.Devices);
            codes.Add((await device.EnrolAsync(token)).Code);
        }
        Assert.Equal(["", "", "busy", "busy"], codes);
    }

    [Fact]
    public void A42_A_bucket_gives_its_rate_and_no_more()
    {
        var time = new ManualTime();
        var limit = new RateLimit<string>(10, time);
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => limit.TryTake("a")));
        Assert.True(limit.TryTake("b"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => limit.TryTake("a")));
    }

    [Fact]
    public async Task A42_The_line_before_the_cores_has_an_end()
    {
        using var gate = new VerificationGate(1, 1);
        Assert.True(await gate.TryEnterAsync(CancellationToken.None));
        var second = gate.TryEnterAsync(CancellationToken.None).AsTask();
        Assert.False(await gate.TryEnterAsync(CancellationToken.None));
        gate.Leave();
        Assert.True(await second);
    }

    /// <summary>Only the head of a request: the size it announces is enough to be refused, before a byte of it is read.</summary>
    private static Task<string> AnnounceAsync(TestDevice device, string path, int length)
        => device.SendRawAsync($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n").WaitAsync(TimeSpan.FromSeconds(60));
}
