using System.Text.Json;
using Microsoft.Playwright;
using TrustMesh.Contracts;

namespace TrustMesh.Tests.Dashboard;

/// <summary>A phone, colours a person forces upon every page, and more contrast, as the browser emulates them.</summary>
[Collection(GraphCollection.Name)]
public sealed class EmulatedTests(Browser browser) : DashboardTests(browser)
{
    /// <summary>
    /// Each look's drawn device as a mask: 1 where a pixel is more like ink than like ground. The second number is how far apart the two are, of 255.
    /// </summary>
    private const string Masks = """
        async ([shot, places]) => {
          const image = new Image();
          image.src = 'data:image/png;base64,' + shot;
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.width, image.height];
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.drawImage(image, 0, 0);
          return places.map(([x, y]) => {
            const grey = [];
            const { data } = context.getImageData(Math.round(x) - 10, Math.round(y) - 10, 20, 20);
            for (let i = 0; i < data.length; i += 4) grey.push((data[i] + data[i + 1] + data[i + 2]) / 3);
            const [dark, light] = [Math.min(...grey), Math.max(...grey)];
            return { mask: grey.map(one => one * 2 > dark + light ? '1' : '0').join(''), apart: light - dark };
          });
        }
        """;

    [Fact]
    public async Task On_a_phone_the_list_and_a_device_fit_and_it_can_be_revoked_there()
    {
        // More than are drawn at once.
        var fleet = FakeFleet.Of(90, 3);
        var bad = fleet.Devices.Values.First(device => device.Look == Looks.Contraindicated);
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/devices");
        await page.SetViewportSizeAsync(390, 844);
        await LiveAsync(page);
        var wide = new List<string>();
        foreach (var path in new[] { "/", "/devices?q=status:contraindicated", "/devices", "/events", "/enrolment" }.Concat(new[] { "verdict", "peers", "measurements", "identity", "evidence", "timeline" }.Select(tab => $"/devices/{bad.Id}?tab={tab}")))
        {
            await FollowAsync(page, path);
            await page.WaitForFunctionAsync("() => document.querySelector('main .skeleton') === null");
            if (await page.EvaluateAsync<string>(Widest) is { Length: > 0 } widest)
                wide.Add($"{path}: {widest}");
        }
        Assert.True(wide.Count == 0, string.Join(Environment.NewLine, wide));
        await FollowAsync(page, "/devices");
        // Every name can be read, and not only that there is one.
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.virtual .device-name')].length > 5 && [...document.querySelectorAll('.virtual .device-name')].every(name => name.getBoundingClientRect().right <= Math.min(390, name.closest('td').getBoundingClientRect().right))");
        await FollowAsync(page, $"/devices/{bad.Id}");
        var revoke = page.Locator("[data-act=revoke]");
        await revoke.ScrollIntoViewIfNeededAsync();
        var box = (await revoke.BoundingBoxAsync())!;
        Assert.InRange(box.X + box.Width, 1, 390);
        await revoke.ClickAsync();
        var dialog = (await page.GetByRole(AriaRole.Dialog).BoundingBoxAsync())!;
        Assert.InRange(dialog.X, 0, 390 - dialog.Width);
        await page.GetByLabel("Reason").FillAsync("stolen");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Forced_colours_leave_every_look_a_shape_of_its_own_and_more_contrast_has_colours_of_its_own()
    {
        var fleet = new FakeFleet();
        // None has an arc: what tells them apart is the shape.
        var looks = new[] { ("active", "affirming", true), ("active", "warning", true), ("active", "contraindicated", true), ("active", "affirming", false), ("active", "none", false), ("pending", "none", false), ("suspended", "affirming", true), ("revoked", "contraindicated", true) }
            .Select((one, at) => fleet.Add($"look-{at}", "oslo", "press", one.Item1, one.Item2, one.Item3)).ToList();
        foreach (var device in looks)
            fleet.Devices[device.Id] = device with { ProvenAt = null, ExpiresAt = null };
        Assert.Equal(8, looks.Select(device => device.Look).Distinct().Count());
        await using var dashboard = await RunningDashboard.StartAsync(fleet);
        var (page, complaints) = await SignedInAsync(dashboard, "/graph");

        foreach (var (forced, scheme) in new[] { (ForcedColors.Active, ColorScheme.Light), (ForcedColors.Active, ColorScheme.Dark), (ForcedColors.None, ColorScheme.Light) })
        {
            await page.EmulateMediaAsync(new() { ForcedColors = forced, ColorScheme = scheme });
            await GraphLiveAsync(page);
            // Of the canvas alone: no line runs through a device.
            await page.EvaluateAsync("() => { document.querySelectorAll('.sigma-edges, .sigma-labels, .sigma-hovers').forEach(one => one.remove()); }");
            var box = (await page.Locator("[data-graph-canvas]").BoundingBoxAsync())!;
            var places = new List<double[]>();
            foreach (var device in looks)
            {
                var at = (await page.EvaluateAsync("id => window.__trustgraph.positionOf(id)", device.Id))!.Value;
                places.Add([box.X + at.GetProperty("x").GetDouble(), box.Y + at.GetProperty("y").GetDouble()]);
            }
            await page.EvaluateAsync("() => window.__trustgraph.whenSettled()");
            var drawn = (await page.EvaluateAsync<JsonElement>(Masks, new object[] { Convert.ToBase64String(await page.ScreenshotAsync()), places })).EnumerateArray().ToList();
            Assert.All(drawn, one => Assert.InRange(one.GetProperty("apart").GetDouble(), forced == ForcedColors.Active ? 150 : 60, 255));
            var masks = drawn.Select(one => one.GetProperty("mask").GetString()!).ToList();
            foreach (var (a, b) in masks.SelectMany((mask, at) => masks.Skip(at + 1).Select(other => (mask, other))))
                Assert.InRange(a.Zip(b).Count(pair => pair.First != pair.Second), 24, 400);
        }

        // The legend is the same shapes, and in forced colours one colour.
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        var shapes = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.legend [data-graph-look] .glyph')].map(glyph => [...glyph.children].map(part => part.outerHTML).join())");
        Assert.Equal(8, shapes.Distinct().Count());
        var inks = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.legend [data-graph-look] .glyph > *')].map(part => { const style = getComputedStyle(part); return style.fill === 'none' ? style.stroke : style.fill; })");
        var ground = await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        Assert.NotEqual(ground, Assert.Single(inks.Distinct()));

        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.None, Contrast = Contrast.More });
        Assert.Equal("rgb(0, 0, 0)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.Equal((string[])["#000000", "#ffffff", "#5dff9e"], await page.EvaluateAsync<string[]>("() => ['--surface', '--text', '--look-trusted'].map(name => getComputedStyle(document.documentElement).getPropertyValue(name).trim())"));
        Assert.Empty(complaints);
    }
}
