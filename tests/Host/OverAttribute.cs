using System.Reflection;
using Xunit.v3;

namespace TrustMesh.Tests.Host;

/// <summary>
/// On a class of tests: every silo they start runs over another host than the embedded one. So a class that derives from tests and adds nothing but
/// this runs the same tests over that host.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public abstract class OverAttribute : Attribute
{
    /// <summary>A place for one silo; null for the embedded host.</summary>
    public static SiloPlace? OfThisTest()
        => (TestContext.Current.TestClass as IXunitTestClass)?.Class.GetCustomAttribute<OverAttribute>(false)?.Start();

    protected abstract SiloPlace Start();
}
