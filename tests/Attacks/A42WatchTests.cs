using TrustMesh.Host.Settings;
using TrustMesh.Tests.Host;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

public class A42WatchTests
{
    [Fact]
    public async Task A42_A_device_that_watches_without_end_is_told_to_wait_and_others_are_served()
    {
        await using var silo = await RunningSilo.StartAsync(settings => settings with { Limits = new LimitSettings(DeviceRate: 2) });
        using var loud = await silo.JoinAsync("loud");
        using var quiet = await silo.JoinAsync("quiet");
        await loud.ProveAsync();
        await quiet.ProveAsync();
        var codes = new List<string>();
        var hungry = new WatchRequest(0, 0, 0, [], [], 0, 0).Encode();
        for (var i = 0; i < 50; i++) codes.Add((await loud.PostAsync("/device/v1/watch", hungry)).Code);
        Assert.Equal("", codes[0]);
        Assert.Contains("busy", codes);
        Assert.NotNull((await new TestWatcher(quiet, silo).NextAsync()).StatusList);
    }

    [Fact]
    public async Task A42_A_request_has_one_form_and_one_size()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        Assert.Equal("malformed", (await device.PostAsync("/device/v1/watch", new byte[Caps.Body])).Code);
        var long_host = new WatchRequest(0, 0, 0, [], [$"{new string('a', 60)}.example:7444"], 0, 0).Encode();
        Assert.Equal("", (await device.PostAsync("/device/v1/watch", long_host)).Code);
        // An address that is none, where a good one stood.
        var bent = new WatchRequest(0, 0, 0, [], ["10.0.0.1:7444"], 0, 0).Encode();
        bent[bent.AsSpan().IndexOf("10.0.0.1"u8)] = (byte)'/';
        Assert.Equal("malformed", (await device.PostAsync("/device/v1/watch", bent)).Code);
        Assert.Contains("too_large", await device.SendRawAsync($"POST /device/v1/watch HTTP/1.1\r\nHost: x\r\nContent-Length: {Caps.Body + 1}\r\n\r\n").WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A42_Connections_that_break_off_leave_nothing_behind()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        await device.ProveAsync();
        using var again = new TestDevice("device-1", device.Root);
        for (var i = 0; i < 10; i++)
        {
            await again.ConnectAsync(silo.Devices, key: device.SessionKey);
            var body = new WatchRequest(1, 1, 0, [], [], 0, 0).Encode();
            _ = again.PostAsync("/device/v1/watch", body);
            await WatchTests.WaitingAsync(silo, 1);
            again.Hang();
            await WatchTests.WaitingAsync(silo, 0);
        }
    }
}
