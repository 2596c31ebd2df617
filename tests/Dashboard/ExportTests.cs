using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Playwright;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What can be taken home: the picture, and the list behind it.</summary>
[Collection(GraphCollection.Name)]
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
        Assert.Equal(Looks.All.Count, texts.Count(text => Looks.All.Any(look => text.StartsWith(LookText.Label(look) + " ", StringComparison.Ordinal))));
        await AssertKeyAsync(page, picture.Root!, texts, ofSites: level == "?level=fleet");
        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.DoesNotContain(picture.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));

        var (photo, pixels) = await DownloadAsync(page, "PNG");
        Assert.EndsWith(".png", photo, StringComparison.Ordinal);
        Assert.Equal("PNG"u8.ToArray(), pixels[1..4]);
        Assert.True(pixels.Length > 20_000);
        Assert.Empty(complaints);
        if (Environment.GetEnvironmentVariable("TRUSTMESH_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"export-{level[1..].Replace('=', '-')}.png"), pixels);
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
        Assert.Contains($"\"'{name}\"", Encoding.UTF8.GetString(ResultFiles.Devices.Csv([node])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A44_every_page_with_a_result_saves_it_with_its_own_query_and_no_spreadsheet_runs_any_of_it()
    {
        var fleet = FakeFleet.Of(12, 2);
        var hostile = fleet.Add("=cmd|' /C calc'!A0", "oslo", "@press");
        var other = fleet.Devices.Values.First(device => device.Site == "oslo" && device.Id != hostile.Id);
        fleet.Put(new GraphEdge(hostile.Id, other.Id, "contraindicated", true, fleet.Now, fleet.Now.AddMinutes(5)));
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        dashboard.Silo.Fire("=1+1", "critical", "@SUM(A1)", [hostile], "site:oslo");
        for (var i = 0; i < 1000; i++)
            dashboard.Silo.Say("verdict", "+1 for the shift", hostile);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph?view=table&of=edges&q=site:oslo&look=contraindicated");
        foreach (var (at, link, name, header, rows) in new (string, string, string, string, Func<int, bool>)[]
        {
            ("/graph?view=table&of=edges&q=site:oslo&look=contraindicated", "edges.csv?look=contraindicated&q=site:oslo", "edges", "from,fromName,to,toName,status,fresh,tier,issuedAt,expiresAt,doubted", n => n >= 1 && n < fleet.Edges.Count),
            ("/devices?q=site:oslo&order=risk", "devices.csv?q=site:oslo&order=risk", "devices", "id,name,site,model,tier,standing,status,fresh,look,provenAt,expiresAt,tags,since,enrolledAt,firmware,agent,policy", n => n == fleet.Devices.Values.Count(device => device.Site == "oslo")),
            ("/changes?from=2026-01-01T00:00:00Z&to=2226-01-01T00:00:00Z", "changes.csv?from=2026-01-01T00%3A00%3A00Z&to=2226-01-01T00%3A00%3A00Z", "changes", "id,name,site,model,tier,before,after,at,kind,text,by,changes", n => n > 0),
            ("/events", "events.csv", "events-newest-1000", "sequence,at,device,name,kind,text,by", n => n == 1000),
            ("/alerts", "alerts.csv", "alerts", "id,rule,severity,state,cause,text,query,devices,sample,firedAt,changedAt,acknowledgedBy,acknowledgedAt,note,silencedBy,silencedUntil,silencedBecause,resolvedAt", n => n == 1),
            ("/revocations", "revocations.csv", "revocations", "id,name,standing,reason,at,sinceList,place", n => n == fleet.Revocations.Devices.Count),
            ("/log?kind=verdict&text=shift", "log.csv?kind=verdict&text=shift", "log", "log,index,at,kind,device,name,text,by,version", n => n == 1000),
            ("/policy", "outliers.csv", "outliers", "model,name,digest,accepted,seenOn,of,rare,firstSeen,device,deviceName", n => n == fleet.Outliers().Count),
            ($"/devices/{other.Id}?tab=measurements", $"measurements.csv?device={other.Id}", "measurements", "name,digest,outcome,expected,firstSeen,seenOn,of,rare", n => n > 0),
        })
        {
            await page.GotoAsync(new Uri(dashboard.Address, at).ToString());
            var file = page.Locator(".save-as").First.GetByRole(AriaRole.Link, new() { Name = "CSV", Exact = true });
            await Assertions.Expect(file).ToHaveAttributeAsync("href", "/feed/" + link);
            var csv = await page.APIRequest.GetAsync(new Uri(dashboard.Address, "/feed/" + link).ToString());
            Assert.True(csv.Ok, $"{link}: {csv.Status}");
            Assert.Contains($"filename={name}.csv", csv.Headers["content-disposition"], StringComparison.Ordinal);
            var lines = (await csv.TextAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(header, lines[0].Replace("\"", "", StringComparison.Ordinal));
            Assert.All(lines, line => Assert.DoesNotMatch("(^|,)\"[=+@-]", line));
            Assert.True(rows(lines.Length - 1), $"{link}: {lines.Length - 1}");
            var json = await page.APIRequest.GetAsync(new Uri(dashboard.Address, "/feed/" + link.Replace(".csv", ".json", StringComparison.Ordinal)).ToString());
            Assert.Contains($"filename={name}.json", json.Headers["content-disposition"], StringComparison.Ordinal);
            Assert.Equal(lines.Length - 1, JsonDocument.Parse(await json.TextAsync()).RootElement.GetArrayLength());
        }
        foreach (var (wrong, says) in new[] { ("edges.csv?q=sit:oslo", "unknown field"), ("edges.json?look=green", "look must be one or more of"), ("devices.csv?q=sit:oslo", "unknown field"), ("changes.csv", "from is the instant"), ("measurements.csv?device=nobody", "No device"), ("measurements.json", "whose measurements") })
        {
            var refused = await page.APIRequest.GetAsync(new Uri(dashboard.Address, "/feed/" + wrong).ToString());
            Assert.Contains(refused.Status, new[] { 400, 404 });
            Assert.Contains(says, await refused.TextAsync(), StringComparison.Ordinal);
        }
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Nobody_gets_a_list_without_a_session()
    {
        await using var dashboard = await RunningDashboard.StartAsync(FakeFleet.Of(3));
        using var client = dashboard.Client();
        foreach (var name in new[] { "devices", "edges", "changes", "events", "alerts", "revocations", "log", "outliers", "measurements" })
        {
            foreach (var ending in new[] { "csv", "json" })
            {
                using var answer = await client.GetAsync(new Uri($"/feed/{name}.{ending}", UriKind.Relative));
                Assert.Contains((int)answer.StatusCode, new[] { 302, 401 });
            }
        }
    }

    /// <summary>The printed legend says what the page's does, with the lines and arcs that are in the picture.</summary>
    private static async Task AssertKeyAsync(IPage page, XElement sheet, List<string> texts, bool ofSites)
    {
        // What is drawn of the mesh is in a picture of its own; beside it there is nothing but the legend.
        var lines = sheet.Elements(Svg + "line").Select(line => (string?)line.Attribute("stroke-dasharray")).ToList();
        var crosses = sheet.Elements(Svg + "path").Count(path => ((string)path.Attribute("d")!).EndsWith("l8 8m0-8l-8 8", StringComparison.Ordinal));
        var arcs = sheet.Elements(Svg + "path").Where(path => ((string)path.Attribute("d")!).Contains('A', StringComparison.Ordinal)).Select(path => (string?)path.Attribute("stroke-dasharray")).ToList();
        Assert.Equal(1, crosses);
        if (ofSites)
        {
            Assert.Equal([null, null], lines);
            Assert.Empty(arcs);
            Assert.Contains("examinations between two sites", texts);
            Assert.Contains("some of them failed", texts);
            return;
        }
        // Both directions of what is proven, with a warning, expired or none, failed, by the silo.
        Assert.Equal([null, null, null, "6 4", null, null], lines);
        // Whole, dashes, long dashes, dots: no two ways to root a proof look the same.
        Assert.Equal(4, arcs.Distinct().Count());
        Assert.Contains(null, arcs);
        foreach (var words in await page.Locator("[data-graph-line], [data-graph-arc]").AllInnerTextsAsync())
            Assert.Contains(words.Trim(), texts);
        Assert.Contains("vouched for by a guardian,", texts);
    }

    private static async Task<(string Name, byte[] Bytes)> DownloadAsync(IPage page, string button, AriaRole role = AriaRole.Button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(role, new() { Name = button, Exact = true }).ClickAsync());
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }
}
