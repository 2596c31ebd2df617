using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Contracts;

public sealed class DeviceTagsTests
{
    [Theory]
    [InlineData("lab")]
    [InlineData("7")]
    [InlineData("line-3.b_2")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void What_is_short_and_plain_is_a_tag(string text) => Assert.True(DeviceTags.IsTag(text));

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("Lab")]
    [InlineData("-lab")]
    [InlineData(".lab")]
    [InlineData("_lab")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a:b")]
    [InlineData("l\u00e4b")]
    [InlineData("lab\n")]
    [InlineData("la\u202eb")]
    [InlineData("<script>")]
    [InlineData("../etc")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void A44_What_could_break_a_line_a_path_or_a_page_is_no_tag(string text) => Assert.False(DeviceTags.IsTag(text));

    [Fact]
    public void What_somebody_types_becomes_what_is_added_and_what_is_taken_away()
    {
        var edit = TagText.Edit(["lab", "prod"], " prod,line-3  line-3 ", " moved ");
        Assert.Equal(("line-3", "lab", "moved"), (DeviceTags.Text(edit.Add), DeviceTags.Text(edit.Remove), edit.Reason));
        Assert.Null(TagText.Wrong("prod, line-3"));
        Assert.Contains("\"Lab\" is no tag.", TagText.Wrong("prod Lab"), StringComparison.Ordinal);
        Assert.Contains("at most 16", TagText.Wrong(string.Join(' ', Enumerable.Range(0, 17))), StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", TagText.Wrong("a\u202eb"), StringComparison.Ordinal);
    }
}
