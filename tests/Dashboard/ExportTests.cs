using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What can be taken home: the picture, and the list behind it.</summary>
public sealed class ExportTests(Browser browser) : DashboardTests(browser)
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData("?level=all")]
    [InlineData("?level=fleet")]
    [InlineData("?site=oslo")]
    public async Task The_picture_comes_with_its_legend_time_and_query(string level)
    {
        var fleet = FakeFleet.Of(40, 3);
        fleet.Add("</text><script>alert(1)</script>", "oslo", "press");
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph" + level + "&look=trusted,contraindicated");
        await GraphLiveAsync(page);

        var (name, bytes) = await DownloadAsync(page, "SVG");
        Assert.Matches(@"^trustmesh-north-works-\d{4}-\d\d-\d\dT\d{6}\.svg$", name);
        var picture = XDocument.Parse(Encoding.UTF8.GetString(bytes));
        var texts = picture.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.Contains(texts, text => text.StartsWith("north-works: ", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains(" UTC, live", StringComparison.Ordinal) && text.Contains("only status:trusted,contraindicated", StringComparison.Ordinal));
        foreach (var look in Looks.All)
            Assert.Contains($"{LookText.Label(look)} {fleet.Devices.Values.Count(device => device.Look == look)}", texts);
        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.DoesNotContain(picture.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));

        var (photo, pixels) = await DownloadAsync(page, "PNG");
        Assert.EndsWith(".png", photo, StringComparison.Ordinal);
        Assert.Equal("PNG"u8.ToArray(), pixels[1..4]);
        Assert.True(pixels.Length > 20_000);
        Assert.Empty(complaints);
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"export{level[1..].Replace('=', '-')}.png"), pixels);
    }

    [Fact]
    public async Task A44_the_list_is_a_table_that_no_spreadsheet_runs_and_an_array()
    {
        var fleet = FakeFleet.Of(5, 2, calm: 1);
        var (formula, comma) = (fleet.Add("=HYPERLINK(\"http://x\",\"y\")", "oslo", "@press"), fleet.Add("a, \"b\"\r\nc", "oslo", "press"));
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, _) = await SignedInAsync(dashboard, "/devices?site=oslo");
        await LiveAsync(page);

        var (name, bytes) = await DownloadAsync(page, "CSV", AriaRole.Link);
        Assert.Equal("devices.csv", name);
        var text = Encoding.UTF8.GetString(bytes);
        Assert.StartsWith("\"id\",\"name\",\"site\",", text, StringComparison.Ordinal);
        Assert.Contains($"\"{formula.Id}\",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",\"oslo\",\"'@press\",", text, StringComparison.Ordinal);
        Assert.Contains($"\"{comma.Id}\",\"a, \"\"b\"\"\r\nc\",\"oslo\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bergen", text, StringComparison.Ordinal);

        var (_, json) = await DownloadAsync(page, "JSON", AriaRole.Link);
        var devices = JsonDocument.Parse(json).RootElement.EnumerateArray().ToList();
        Assert.Equal(5, devices.Count);
        Assert.Contains(devices, device => device.GetProperty("name").GetString() == formula.Name);
    }

    [Theory]
    [InlineData("=1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@x")]
    [InlineData("  =1")]
    [InlineData("\t=1")]
    [InlineData("\uFF1D1")]
    public void A44_a_field_that_would_begin_a_formula_begins_with_an_apostrophe(string name)
    {
        var node = new GraphNode("id", name, "device", "", "", "", "", "", true, "trusted", null, null);
        Assert.Contains($"\"'{name}\"", DeviceFile.Csv([node]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_a_list_without_a_session()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        using var client = dashboard.Client();
        foreach (var path in new[] { "/feed/devices.csv", "/feed/devices.json" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Contains((int)answer.StatusCode, new[] { 302, 401 });
        }
    }

    private static async Task<(string Name, byte[] Bytes)> DownloadAsync(IPage page, string button, AriaRole role = AriaRole.Button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(role, new() { Name = button, Exact = true }).ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }
}
