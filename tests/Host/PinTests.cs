using System.Net;
using System.Net.Http.Json;
using System.Text;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Host;

public class PinTests
{
    [Fact]
    public async Task Pins_are_ones_own_lie_within_the_site_and_are_there_after_a_restart_until_the_person_is_removed()
    {
        await using var silo = await RunningSilo.StartAsync();
        using var device = await silo.JoinAsync();
        using var viewer = await silo.SignInAsync("viewer");
        using var other = await silo.SignInAsync("operator");

        using (var put = await viewer.PutAsJsonAsync("session/pins/device-1", new PinPlace(0.6, -0.8)))
            Assert.Equal(new GraphPin(device.Id.Text, 0.6, -0.8), await put.Content.ReadFromJsonAsync<GraphPin>());
        Assert.Equal([new(device.Id.Text, 0.6, -0.8)], (await viewer.GetFromJsonAsync<GraphPin[]>("session/pins"))!);
        Assert.Empty((await other.GetFromJsonAsync<GraphPin[]>("session/pins"))!);
        foreach (var (path, body, status) in new[]
        {
            ("session/pins/device-1", """{"x":0.8,"y":0.8}""", HttpStatusCode.BadRequest),
            ("session/pins/device-1", """{"x":1e308,"y":1e308}""", HttpStatusCode.BadRequest),
            ("session/pins/device-1", """{"x":0,"y":0,"z":0}""", HttpStatusCode.BadRequest),
            ("session/pins/nobody", """{"x":0,"y":0}""", HttpStatusCode.NotFound),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await viewer.PutAsync(path, content);
            Assert.Equal((body, status), (body, answer.StatusCode));
        }

        await silo.RestartAsync();
        using var again = silo.Client(viewer.DefaultRequestHeaders.Authorization!.Parameter);
        Assert.Single((await again.GetFromJsonAsync<GraphPin[]>("session/pins"))!);
        using (var removed = await silo.Operator.PostAsJsonAsync("operators/some-viewer/remove", new Decision("left"))) Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(await silo.Silo.Pins.ListAsync("some-viewer", default));
    }
}
