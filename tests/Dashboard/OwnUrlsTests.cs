using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

public sealed class OwnUrlsTests
{
    [Fact]
    public void Only_a_url_the_person_went_to_says_what_is_shown()
    {
        var urls = new OwnUrls();
        Assert.True(urls.Arrived("/devices"));
        urls.Go("/devices?q=s");
        urls.Go("/devices?q=st");
        Assert.False(urls.Arrived("/devices"), "set again, before the navigation");
        Assert.False(urls.Arrived("/devices?q=s"));
        Assert.False(urls.Arrived("/devices?q=s"), "set again, after it");
        Assert.False(urls.Arrived("/devices?q=st"));
        Assert.True(urls.Arrived("/devices"), "the way back");
    }

    [Fact]
    public void Whoever_goes_elsewhere_while_the_page_is_on_its_way_is_followed_there()
    {
        var urls = new OwnUrls();
        urls.Go("/devices?q=s");
        Assert.True(urls.Arrived("/devices?q=oslo"));
        Assert.True(urls.Arrived("/devices?q=s"), "what was under way then counts no more");
    }
}
