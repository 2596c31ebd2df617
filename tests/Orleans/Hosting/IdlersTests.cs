using System.Reflection;
using Orleans.Runtime;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Tests.Trust;

namespace TrustMesh.Tests.Orleans.Hosting;

public sealed class IdlersTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Who_is_not_asked_long_enough_goes_once_and_whoever_is_asked_stays()
    {
        using var idlers = new Idlers(time);
        var (idle, asked, gone) = (Context.Make(), Context.Make(), Context.Make());
        foreach (var one in (Context[])[idle, asked, gone]) idlers.Stay(one.Grain, TimeSpan.FromMinutes(5));
        idlers.Forget(gone.Grain);
        for (var minute = 0; minute < 20; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            idlers.Stay(asked.Grain, TimeSpan.FromMinutes(5));
            Assert.Equal(minute < 4 ? 0 : 1, idle.Ended);
        }
        Assert.Equal((1, 0, 0), (idle.Ended, asked.Ended, gone.Ended));
    }

    /// <summary>An activation of which only its end is of interest.</summary>
    public class Context : DispatchProxy
    {
        public int Ended { get; private set; }

        public IGrainContext Grain => (IGrainContext)(object)this;

        public static Context Make() => (Context)(object)Create<IGrainContext, Context>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IGrainContext.Deactivate), targetMethod!.Name);
            Ended++;
            return null;
        }
    }
}
