using TrustMesh.Wire;

namespace TrustMesh.Tests.Wire;

public sealed class DeviceIdTests
{
    [Fact]
    public void Text_and_bytes_are_one_to_one()
    {
        var id = DeviceId.FromRootKey([1, 2, 3]);
        Assert.Equal(DeviceId.TextLength, id.Text.Length);
        Assert.Equal(id, DeviceId.FromUeid(id.ToUeid()));
        Assert.Equal(id, DeviceId.Parse(id.Text));
    }

    [Fact]
    public void Refuses_a_second_text_of_the_same_bytes()
    {
        var text = DeviceId.FromRootKey([1]).Text;
        Assert.False(DeviceId.TryParse(text.ToUpperInvariant(), out _));
        Assert.False(DeviceId.TryParse(text + "=", out _));
        var last = text[^1];
        var unusedBit = text[..^1] + (char)(last + 1);
        Assert.False(DeviceId.TryParse(unusedBit, out _));
    }
}
