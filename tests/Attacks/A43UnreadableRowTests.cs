using System.Net;
using Microsoft.Data.Sqlite;
using TrustMesh.Contracts;
using TrustMesh.Tests.Host;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Attacks;

public sealed class A43UnreadableRowTests
{
    [Fact]
    public async Task A43_One_row_that_cannot_be_read_isolates_its_device_and_nothing_else()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var damaged = await silo.JoinAsync("damaged");
        using var healthy = await silo.JoinAsync("healthy");
        await silo.RestartAsync(() =>
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(silo.Settings.State, "silo.db")};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE twin SET state = x'00ff' WHERE device = @device";
            command.Parameters.AddWithValue("@device", damaged.Id.ToUeid());
            Assert.Equal(1, command.ExecuteNonQuery());
        });
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
