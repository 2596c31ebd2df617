using System.Reflection;
using Microsoft.AspNetCore.Components;
using TrustMesh.Dashboard.Layout;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

public sealed class PageHelpTests
{
    /// <summary>Whoever adds a page says what it is for.</summary>
    [Fact]
    public void Every_page_of_the_frame_has_its_help()
    {
        var pages = typeof(MainLayout).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<LayoutAttribute>()?.LayoutType is null)
            .SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template).ToList();
        Assert.True(pages.Count > 12);
        foreach (var page in pages)
        {
            var help = PageHelp.Of(new Uri("http://localhost" + System.Text.RegularExpressions.Regex.Replace(page, @"\{[^}]+\}", "abc")));
            Assert.True(help is { About.Length: > 20 }, page);
        }
        Assert.Equal(PageHelp.All.Count, PageHelp.All.Select(one => one.Id).Distinct().Count());
        Assert.Null(PageHelp.Of(new Uri("http://localhost/sign-in")));
        Assert.Equal("table", PageHelp.Of(new Uri("http://localhost/graph?view=table&of=groups"))?.Id);
    }

    [Fact]
    public void What_a_group_stands_for_is_a_query()
    {
        Assert.Equal("/devices?q=model:press", FleetGrouping.Of("model").Query("press").Url("/devices"));
        Assert.Equal("/devices?q=status:stale+tier:tpm-quote", FleetGrouping.Of("tier").Query("tpm-quote", "stale").Url("/devices"));
        Assert.Equal("/devices", FleetGrouping.Of("model").Query("").Url("/devices"));
        Assert.Equal(FleetGrouping.Site, FleetGrouping.Of("status"));
        Assert.Equal(("no model", "TPM quote"), (FleetGrouping.Of("model").Label(""), FleetGrouping.Of("tier").Label("tpm-quote")));
    }
}
