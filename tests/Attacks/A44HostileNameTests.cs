using System.Net;
using System.Net.Http.Json;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;

namespace TrustMesh.Tests.Attacks;

public class A44HostileNameTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("../../etc/passwd")]
    [InlineData("name\nINFO forged line")]
    [InlineData("Name")]
    [InlineData("-leading")]
    [InlineData("")]
    [InlineData("na\u202eme")]
    public async Task A44_A_device_whose_name_is_no_name_cannot_join(string name)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = new TestDevice("device-1");
        await device.ConnectAsync(silo.Devices);
        Assert.Equal("malformed", (await device.PostAsync("/device/v1/enrol", Request(device, await silo.JoinTokenAsync(), name))).Code);
        Assert.NotEqual("malformed", (await device.PostAsync("/device/v1/enrol", Request(device, await silo.JoinTokenAsync(), "good-name"))).Code);
    }

    [Theory]
    [InlineData("%3Cscript%3E")]
    [InlineData("..%2F..%2Fauthority")]
    [InlineData("a%0Ab")]
    [InlineData("%00")]
    public async Task A44_An_id_that_is_no_id_finds_nothing_and_comes_back_harmless(string id)
    {
        await using var silo = await RunningSilo.StartAsync();
        using var answer = await silo.Operator.GetAsync($"devices/{id}");
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, body);
        Assert.DoesNotContain("<script>", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A44_A_reason_is_one_line()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        using var answer = await silo.Operator.PostAsJsonAsync("devices/device-1/suspend", new Decision("first\nsecond"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var person = await silo.Operator.PostAsJsonAsync("operators", new OperatorRequest("ann\u001b[31m", "viewer"));
        Assert.Equal(HttpStatusCode.BadRequest, person.StatusCode);
    }

    /// <summary>An EnrolRequest with any text as name; our own writer would not write it.</summary>
    private static byte[] Request(TestDevice device, string token, string name)
    {
        var good = device.EnrolRequest(token) with { Name = "zzzz" };
        var bytes = good.Encode();
        var utf8 = System.Text.Encoding.UTF8.GetBytes(name);
        byte[] head = utf8.Length < 24 ? [(byte)(0x60 | utf8.Length)] : [0x78, (byte)utf8.Length];
        var at = bytes.AsSpan().IndexOf("\u0064zzzz"u8);
        return [.. bytes[..at], .. head, .. utf8, .. bytes[(at + 5)..]];
    }
}
