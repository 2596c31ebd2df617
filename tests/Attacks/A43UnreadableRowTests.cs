using System.Net;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public class A43UnreadableRowTests
{
    [Fact]
    public async Task A43_One_row_that_cannot_be_read_isolates_its_device_and_nothing_else()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var damaged = await silo.JoinAsync("damaged");
        using var healthy = await silo.JoinAsync("healthy");
        await silo.ReplaceAsync(damaged.Id, [0, 255], []);
        await silo.RestartAsync();
        await healthy.ConnectAsync(silo.Devices);
        await damaged.ConnectAsync(silo.Devices);
        Assert.Equal(Standing.Active, (await healthy.ProveAsync()).Standing);
        Assert.Equal("unavailable", (await damaged.PostAsync("/device/v1/challenge", new ChallengeRequest(damaged.Id).Encode())).Code);
        Assert.Equal(["healthy"], (await silo.GetAsync<DevicePage>("devices")).Items.Select(item => item.Name));
        using var page = await silo.Operator.GetAsync($"devices/{damaged.Id.Text}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("backup", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
