using System.Security.Cryptography;
using TrustMesh.Host.Device;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Host;

public sealed class ProvenSessionsTests
{
    private static readonly DeviceId One = DeviceId.FromRootKey([1]), Two = DeviceId.FromRootKey([2]);

    private readonly ManualTime time = new();

    [Fact]
    public void A_key_is_the_devices_until_another_one_is()
    {
        var sessions = new ProvenSessions(10, time);
        Assert.Null(sessions.Find(Key(1)));
        sessions.Accept(One, Key(1));
        sessions.Accept(Two, Key(2));
        Assert.Equal((One, Two), (sessions.Find(Key(1)), sessions.Find(Key(2))));
        sessions.Accept(One, Key(3));
        Assert.Null(sessions.Find(Key(1)));
        Assert.Equal(One, sessions.Find(Key(3)));
        // A key that two devices vouch for is the later one's, and the other has none.
        sessions.Accept(Two, Key(3));
        Assert.Equal(Two, sessions.Find(Key(3)));
        Assert.Null(sessions.Find(Key(2)));
    }

    [Fact]
    public void A_key_lives_a_day_however_often_it_is_vouched_for()
    {
        var sessions = new ProvenSessions(10, time);
        sessions.Accept(One, Key(1));
        time.Advance(TimeSpan.FromHours(23));
        sessions.Accept(One, Key(1));
        Assert.Equal(One, sessions.Find(Key(1)));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Null(sessions.Find(Key(1)));
    }

    [Fact]
    public void A42_Only_so_many_are_remembered_and_old_ones_make_room()
    {
        var sessions = new ProvenSessions(2, time);
        sessions.Accept(One, Key(1));
        sessions.Accept(Two, Key(2));
        sessions.Accept(DeviceId.FromRootKey([3]), Key(3));
        Assert.Null(sessions.Find(Key(3)));
        Assert.Equal(One, sessions.Find(Key(1)));
        time.Advance(TimeSpan.FromDays(1));
        sessions.Accept(DeviceId.FromRootKey([3]), Key(3));
        Assert.Equal(DeviceId.FromRootKey([3]), sessions.Find(Key(3)));
    }

    private static byte[] Key(byte number) => SHA256.HashData([number]);
}
