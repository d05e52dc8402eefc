# Ruby uses no proxy for a host that resolves to a loopback address. Under `mockdouyin run` Douyin's
# hosts do, and must be reached by the proxy all the same.
require 'uri'

module MockdouyinProxy
  HOSTS = [] # hosts

  def find_proxy(env = ENV)
    return super unless HOSTS.include?(hostname.to_s.downcase.chomp('.'))

    name = "#{scheme.downcase}_proxy"
    proxy = env[name] || env[name.upcase]
    proxy.nil? || proxy.empty? ? nil : URI.parse(proxy)
  end
end

URI::Generic.prepend(MockdouyinProxy)
